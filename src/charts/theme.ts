/**
 * How charts look. The card is opaque: no grey is legible on Discord's dark themes and on its light one alike. Blue,
 * orange and a pale grey, each of another brightness, can be told apart with any kind of colour blindness, and in print.
 */

export const COLOURS = {
  card: '#232428',
  /** Sets the card off from a background of nearly its own colour. */
  edge: '#45474f',
  grid: '#3a3c43',
  axis: '#7d818c',
  title: '#f2f3f5',
  text: '#b9bdc7',
  ok: '#4a86e8',
  refused: '#c4cad6',
  failed: '#ff9233',
} as const;

/** Discord shows a picture of this width at about two thirds of its size: what is read at 13 px is written at 20. */
export const FONT_SIZES = { title: 25, legend: 20, axis: 19, empty: 22 } as const;

/** Of the whole chart, in CSS pixels. */
export const WIDTH = 800;
export const HEIGHT = 340;
export const MARGIN = 24;
/** Pixels of the picture to a CSS pixel. */
export const DENSITY = 2;
