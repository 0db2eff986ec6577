import { Controller, Inject, type MessageEvent, Sse } from '@nestjs/common';
import { Observable } from 'rxjs';
import { LiveBalance } from './live-balance.ts';

@Controller('api/v1/live')
export class LiveController {
  constructor(@Inject(LiveBalance) private readonly live: LiveBalance) {}

  /** Server-sent events: `balance` at once and whenever it has changed, `alive` while it has not. */
  @Sse()
  watch(): Observable<MessageEvent> {
    return new Observable((subscriber) =>
      this.live.watch(({ type, data }) => subscriber.next({ type, data })),
    );
  }
}
