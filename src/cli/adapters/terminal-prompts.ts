/**
 * Prompts at a terminal, on stderr so that stdout stays machine-readable. Without a terminal or with `--no-input`
 * nobody is there: every question resolves to a refusal.
 */
import type { Prompts } from '../../ports.ts';

/**
 * @param interactive false in CI, in a pipe and with `--no-input`
 * @param beforeAsking clears what else stands on the line
 */
export function createTerminalPrompts(interactive: boolean, beforeAsking?: () => void): Prompts {
  const ask = async (text: string, hidden: boolean, signal?: AbortSignal): Promise<string | undefined> => {
    if (!interactive) return undefined;
    beforeAsking?.();
    const [{ createInterface }, { Writable }] = await Promise.all([
      import('node:readline/promises'),
      import('node:stream'),
    ]);
    process.stderr.write(text);
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (!hidden) process.stderr.write(chunk);
        done();
      },
    });
    const reader = createInterface({ input: process.stdin, output: sink, terminal: true });
    try {
      return await reader.question('', signal ? { signal } : {});
    } catch {
      return undefined;
    } finally {
      reader.close();
      if (hidden) process.stderr.write('\n');
    }
  };

  const choose = async (
    title: string,
    choices: readonly string[],
    signal?: AbortSignal,
  ): Promise<string | undefined> => {
    const list = choices.map((choice, index) => `  ${index + 1}  ${choice}`).join('\n');
    const answer = await ask(`${title}\n${list}\n> `, false, signal);
    return choices[Number(answer) - 1];
  };

  return {
    interactive,
    async approve(request, signal) {
      const lines = request.lines.map((line) =>
        line.before === undefined
          ? `  ${line.label}: ${line.value}`
          : `- ${line.label}: ${line.before}\n+ ${line.label}: ${line.value}`,
      );
      const answer = await ask(`${request.title}\n${lines.join('\n')}\nType yes to approve: `, false, signal);
      return answer?.trim().toLowerCase() === 'yes';
    },
    input: (question, signal) => ask(`${question.title}\n${question.prompt} `, question.secret, signal),
    pick: (question, signal) => choose(question.title, question.items, signal),
    choose: (question, signal) =>
      choose([question.title, question.detail].filter(Boolean).join('\n'), question.choices, signal),
  };
}
