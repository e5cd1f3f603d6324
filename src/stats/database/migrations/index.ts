import { createTables } from './0001-tables';
import { answerFaster } from './0002-faster-answers';
import { noteStarts } from './0003-starts-of-releases';
import type { Migration } from './migration';

/** In their order: the first one makes schema 1 out of nothing. */
export const MIGRATIONS: readonly Migration[] = [createTables, answerFaster, noteStarts];
