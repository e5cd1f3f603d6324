/** A scale from 0 to `top`, with a line at every `step`. */
export interface ValueScale {
  readonly top: number;
  readonly step: number;
}

const INTERVALS = 4;

/** The finest scale of whole, round steps (1, 2 or 5 times a power of ten) that reaches a value in four of them. */
export function valueScale(highest: number): ValueScale {
  const step = roundUp(Math.max(1, highest / INTERVALS));
  return { step, top: Math.max(1, Math.ceil(highest / step)) * step };
}

export function valueTicks({ top, step }: ValueScale): number[] {
  return Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
}

function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((digit) => digit * magnitude >= value) ?? 10) * magnitude;
}
