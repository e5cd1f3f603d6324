// Opens a database when it is told to, as a bot that starts does.
import { createRequire } from 'node:module';

const { openDatabase } = createRequire(import.meta.url)(process.argv[2]);

process.on('message', (url) => {
  openDatabase({ url, role: 'write', now: Date.now })
    .then(async (database) => {
      const series = await database.read((queries) => queries.selectFrom('series').selectAll().execute());
      await database.close();
      return `opened with ${series.length} series`;
    })
    .then(
      (answer) => process.send(answer),
      (error) => process.send(String(error)),
    );
});
process.send('ready');
