/** How wide a text is in the panel's UI font, without laying it out: for deciding what fits on one line. */
let context: CanvasRenderingContext2D | null | undefined;

/** @param kind `status` is the large semibold size of the strip. Pixels. */
export function textWidth(text: string, kind: 'plain' | 'status' | 'small' = 'plain'): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return text.length * 8;
  const { fontFamily, fontSize } = getComputedStyle(document.body);
  const font =
    kind === 'status'
      ? `600 15px ${fontFamily}`
      : kind === 'small'
        ? `11px ${fontFamily}`
        : `${fontSize} ${fontFamily}`;
  if (context.font !== font) context.font = font;
  return context.measureText(text).width;
}
