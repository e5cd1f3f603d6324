import { GlobalFonts } from '@napi-rs/canvas';

/**
 * Registers the font that charts are written in, Latin and Korean: no machine can be trusted to have one. Other scripts
 * fall back to the fonts of the machine.
 */
export function registerFonts(): void {
  if (GlobalFonts.has(FAMILY)) return; // They are the whole process's, also when an earlier thread registered them.
  for (const weight of ['Regular', 'SemiBold']) {
    const file = require.resolve(`pretendard/dist/public/static/Pretendard-${weight}.otf`);
    if (GlobalFonts.registerFromPath(file, FAMILY) === null) throw new Error(`${file} is not a font`);
  }
}

/** A name of our own, which no font of the machine has. */
const FAMILY = 'Telltale';

/** For a canvas: of a weight, and a size in pixels. */
export function font(weight: 'regular' | 'semibold', size: number): string {
  return `${weight === 'regular' ? 400 : 600} ${size}px ${FAMILY}, sans-serif`;
}
