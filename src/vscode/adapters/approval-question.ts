/**
 * The approval dialog: few lines, the ones that decide first. What does not fit in is counted, and then Approve is on
 * offer only after the whole was opened. It opens nothing itself. Source: design.md D2.1–D2.4.
 */
import type { ApprovalRequest } from '../../ports.ts';

export interface ApprovalButton {
  readonly title: string;
  readonly isCloseAffordance?: boolean;
}

const linesInDialog = 9;
const originsInLine = 2;
const lineLength = 240;

/**
 * Asks until the person decides. Looking decides nothing.
 * @param modal resolves to the title of the pressed button @param show opens the definition, or the difference
 */
export async function acquireApproval(
  request: ApprovalRequest,
  modal: (title: string, detail: string, buttons: readonly ApprovalButton[]) => Promise<string | undefined>,
  show: (request: ApprovalRequest) => Promise<void>,
  signal?: AbortSignal,
): Promise<boolean> {
  const look: ApprovalButton = { title: request.changed ? 'Show Changes' : 'Show Definition' };
  const approve: ApprovalButton = { title: 'Approve' };
  const decline: ApprovalButton = { title: 'Not Now', isCloseAffordance: true };
  const { text, whole } = toApprovalDetail(request);
  let seen = whole;
  while (!signal?.aborted) {
    const pressed = await modal(request.title, text, seen ? [look, approve, decline] : [look, decline]);
    if (pressed !== look.title) return seen && pressed === approve.title;
    await show(request);
    seen = true;
  }
  return false;
}

interface Detail {
  readonly text: string;
  /** False when something stands in the definition only. */
  readonly whole: boolean;
}

/** The lines of an approval, each `label: value`, a change as two lines. */
export function toApprovalDetail(request: ApprovalRequest): Detail {
  const rows = request.lines.flatMap((line) =>
    line.before === undefined
      ? [{ sign: '', label: line.label, value: line.value }]
      : [
          ...(line.before === '' ? [] : [{ sign: '− ', label: line.label, value: line.before }]),
          ...(line.value === '' ? [] : [{ sign: '+ ', label: line.label, value: line.value }]),
        ],
  );
  const lines: string[] = [];
  let whole = true;
  const groups = Map.groupBy(rows, ({ sign, label }) => (label === 'Sends to' ? `${sign}${label}` : undefined));
  const others = groups.get(undefined) ?? [];
  groups.delete(undefined);
  for (const [name, group] of groups) {
    const values = group.map(({ value }) => value);
    const more = values.length > originsInLine + 1 ? values.length - originsInLine : 0;
    const shown = values.slice(0, values.length - more).join(', ');
    lines.push(`${name}: ${shown}${more > 0 ? ` and ${more} more origins` : ''}`);
    if (more > 0) whole = false;
  }
  lines.push(...others.map(({ sign, label, value }) => `${sign}${label}: ${value}`));
  const more = Math.max(0, lines.length - linesInDialog);
  const shown = lines.slice(0, linesInDialog).map((line) => {
    if (line.length <= lineLength) return line;
    whole = false;
    return `${line.slice(0, lineLength)}…`;
  });
  if (more > 0) whole = false;
  const button = request.changed ? 'Show Changes' : 'Show Definition';
  const foot = request.changed
    ? `Until you approve, ${request.credential} sends nothing.`
    : 'Its token will go nowhere else. A changed definition asks again.';
  return {
    text: [
      ...shown,
      ...(more > 0 ? [`${more} more ${more === 1 ? 'line is' : 'lines are'} in the definition.`] : []),
      '',
      ...(whole ? [] : [`This is not all of it. ${button} has the rest; then you can approve it.`]),
      foot,
    ].join('\n'),
    whole,
  };
}
