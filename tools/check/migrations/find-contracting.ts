/** What the version before could not live with: it still runs on the schema while, and after, this one migrates. */
const contracting: readonly RegExp[] = [
  /\bdrop\s+(?:table|column|constraint|index|view|type|schema)\s+[\w", ]+/gi,
  /\brename\s+(?:to|column|constraint)\b[^'`;]*/gi,
  /\balter\s+column\s+\w+\s+(?:set\s+data\s+)?(?:type|set\s+not\s+null)\b[^'`;]*/gi,
  /\btruncate\s+\w+/gi,
  // A column that must be given a value, which the version before does not know.
  /\badd\s+column\s+\w+(?:(?!\bdefault\b|,|`|'|;)[\s\S])*\bnot\s+null\b(?!\s+default\b)(?:(?!\bdefault\b)[^,`';])*(?=[,`';])/gi,
];

/** The statements of a migration that take away or narrow, without those of its way back. Pure. */
export function findContracting(source: string): readonly string[] {
  const forward = source.replace(/\basync down\([\s\S]*$/, '');
  return contracting.flatMap((pattern) =>
    [...forward.matchAll(pattern)].map(([statement]) => statement.replaceAll(/\s+/g, ' ').trim()),
  );
}
