import { repositoryFile } from './real-lines';
import { isTypeName, type TypeName } from './values';

/** docs/logs.md, as far as it can be held against what the bot does. */
export interface LogPage {
  readonly fields: readonly DocumentedField[];
  /** By field, the values that it can have. */
  readonly closedSets: ReadonlyMap<string, ReadonlySet<string>>;
  /** The shell function that the recipes use. */
  readonly preamble: string;
  readonly recipes: readonly Recipe[];
}

export interface DocumentedField {
  readonly name: string;
  /** Its name in Elastic's schema; null where it has none. */
  readonly ecsName: string | null;
  /** It is of one of these. */
  readonly types: readonly TypeName[];
}

export interface Recipe {
  readonly title: string;
  readonly script: string;
}

export async function readLogPage(): Promise<LogPage> {
  const text = await repositoryFile('docs', 'logs.md');
  const recipes = [...text.matchAll(/^### (.+)\n(?:(?!#)[^\n]*\n)*?```sh\n([\s\S]*?)```$/gm)];
  return {
    fields: rowsOf(text, 'field', 4).flatMap(fieldsOf),
    closedSets: new Map(
      rowsOf(text, 'field', 2).map(([name = '', values = '']) => [
        namesIn(name)[0] ?? '',
        new Set(namesIn(values)),
      ]),
    ),
    preamble: /```sh\n(lines\(\) [\s\S]*?)```/.exec(text)?.[1] ?? '',
    recipes: recipes.map(([, title = '', script = '']) => ({ title, script })),
  };
}

/** The rows of the table whose first column has this name, and which has so many columns. */
function rowsOf(text: string, first: string, columns: number): string[][] {
  const tables = text.match(/(?:^\|.*\|\n)+/gm) ?? [];
  const rows = tables.map((table) => table.trim().split('\n').map(cellsOf));
  const found = rows.find(([head]) => head?.[0] === first && head.length === columns);
  return found?.slice(2) ?? [];
}

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** A row may be about several fields that belong together. */
function fieldsOf([names = '', ecsNames = '', types = '']: readonly string[]): DocumentedField[] {
  const inEcs = namesIn(ecsNames);
  const known = types.split(' or ').filter(isTypeName);
  return namesIn(names).map((name, index) => ({ name, ecsName: inEcs[index] ?? null, types: known }));
}

/** All that is set as code. */
function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
