import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { type AuditLog, AuditQuerySchema } from '../access/access.api.ts';
import { badRequest } from '../http/api-error.ts';
import { inputReader } from '../http/parse-input.ts';
import { readLimit } from '../http/read-range.ts';
import { AuditStore } from './audit.store.ts';

const readQuery = inputReader(AuditQuerySchema);

@Controller('api/v1/audit-log')
export class AuditController {
  constructor(@Inject(AuditStore) private readonly store: AuditStore) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown): Promise<AuditLog> {
    const { actor, action, about, cursor, limit: wanted } = readQuery(query);
    if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
      throw badRequest('cursor is not one that this list has given; begin again without it');
    }
    const limit = readLimit(wanted);
    const rows = await this.store.list({ actor, action, about, before: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    return {
      entries: page.map((row) => ({
        id: row.entry_id,
        at: row.at.toISOString(),
        actor: row.actor,
        role: row.role,
        action: row.action,
        about: row.about,
        why: row.why,
        detail: row.detail,
      })),
      nextCursor: rows.length > limit ? (page.at(-1)?.entry_id ?? null) : null,
    };
  }
}
