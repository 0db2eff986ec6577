import { createDatabase, type Database } from '@watertight/postgres';

/** The services that do something under a lease, with the schema that it is in. */
const schemas: Readonly<Record<string, string>> = {
  'mirakl-ingest': 'ingest',
  'klaviyo-writer': 'writer',
};

/** What dead processes have left behind and nobody may take before its time is over. */
export class LeftLeases {
  private readonly database: Database;

  constructor(url: string) {
    this.database = createDatabase({ url, schema: 'chaos', migrations: [] });
  }

  /** As if the time of every lease of this service had passed. Right only while no process of it holds one. */
  async letPass(service: string): Promise<void> {
    const schema = schemas[service];
    if (schema === undefined) return;
    await this.database.execute(
      `update ${schema}.lease set expires_at = clock_timestamp() where expires_at > clock_timestamp()`,
    );
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
