/** A reporter for `node --test`: writes the counts of the whole run as JSON, in the shape that jest's runs have. */
// Node's test runner wants the default export.
export default async function* countReporter(source) {
  const skippedTests = [];
  for await (const event of source) {
    if (event.type === 'test:pass' && (event.data.skip !== undefined || event.data.todo !== undefined)) {
      skippedTests.push(event.data.name);
    }
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { passed, failed, skipped, todo, cancelled } = event.data.counts;
      yield JSON.stringify({
        passed,
        failed: failed + cancelled,
        skipped: skipped + todo,
        seconds: event.data.duration_ms / 1000,
        skippedTests,
      });
    }
  }
}
