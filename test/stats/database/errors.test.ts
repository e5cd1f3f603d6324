import { DatabaseProblem, describeDatabaseError } from '../../../src/stats/database/errors';

const withCode = (code: string, message = 'as the driver says it'): Error =>
  Object.assign(new Error(message), { code });

test.each([
  ['SQLITE_IOERR_WRITE', 'away'],
  ['SQLITE_BUSY_SNAPSHOT', 'locked'],
  ['SQLITE_READONLY_DBMOVED', 'read_only'],
  ['SQLITE_CONSTRAINT_NOTNULL', 'other'],
  ['57P01', 'away'],
  ['53300', 'away'],
  ['53100', 'full'],
  ['40P01', 'locked'],
  ['23502', 'other'],
  ['ECONNRESET', 'away'],
  ['ENOSPC', 'full'],
])('%s is told as %s', (code, kind) => {
  expect(describeDatabaseError(withCode(code)).kind).toBe(kind);
});

test('a connection whose answer never came is not trusted again', () => {
  expect(describeDatabaseError(new Error('Query read timeout')).kind).toBe('away');
});

test('an address in a message, and the password in it, are left out', () => {
  const { detail } = describeDatabaseError(new Error('no route to postgres://bot:secret@host/db.'));
  expect(detail).toBe('The database failed: no route to ….');
});

test('what is wrong is on one line of bounded length, whatever was thrown', () => {
  const { detail } = describeDatabaseError(new Error(`line\nline ${'x'.repeat(1000)}`));
  expect(detail).toMatch(/^The database failed: line line x+\.$/);
  expect(detail.length).toBeLessThan(400);
  expect(describeDatabaseError('text')).toEqual({ kind: 'other', detail: 'The database failed: text.' });
  expect(describeDatabaseError(undefined).kind).toBe('other');
  const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
  expect(describeDatabaseError(refused).detail).toBe('The database cannot be reached. (ECONNREFUSED)');
});

test('what we found out ourselves is told as it stands', () => {
  const problem = new DatabaseProblem('newer_schema', 'Too new.');
  expect(describeDatabaseError(problem)).toEqual({ kind: 'newer_schema', detail: 'Too new.' });
});
