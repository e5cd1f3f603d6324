/** What `--help` shows. */
export const HELP = `Reads the bot's log files: current, rotated and compressed, oldest line first.

  npm run logs --silent -- [options]        or: node dist/src/logs.js [options]

Which lines (all conditions at once; an option given twice means "or")
  --user ID          logged for this user
  --guild ID         logged for this server
  --command NAME     of this command; "ticket" takes "ticket close" too
  --trace ID         of this run: its id, or the reference that the user was shown
  --level LEVEL      at least this severe: error, warn, info or debug
  --logger NAME      of this logger; "command" takes "command.stats" too
  --event NAME       with this event, such as command_settled
  --grep TEXT        with this text anywhere in the line, in upper or lower case
  --since TIME       from then on
  --until TIME       up to then
                     TIME: 90s 10m 1h 2d 1w ago; 2026-01-31, 2026-01-31T18:30, 2026-01-31T18:30+09:00
                     (UTC without an offset); 18:30 of today (UTC)
  --limit N          the newest N of them

How they are shown
  --follow, -f       go on with each new line; begins with the newest 10, or with --limit N, or with all --since TIME
  --json             the lines exactly as they stand in the files, with every field in full
  --summary          totals by level, error and command instead of lines (of failed runs alone with --level warn
                     or error); with --json as one JSON object
  --directory PATH   another directory than LOG_DIRECTORY's
  --help, -h         this

Colours on a terminal, none in a pipe; NO_COLOR and FORCE_COLOR are heeded.
Ends with 0, also where nothing matched; with 1 where there are no files to read, with 2 where an option is wrong.
`;
