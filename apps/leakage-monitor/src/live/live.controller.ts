import { Controller, Inject, type MessageEvent, Sse } from '@nestjs/common';
import { Observable } from 'rxjs';
import { LiveFeed } from './live-feed.ts';

@Controller('api/v1/live')
export class LiveController {
  constructor(@Inject(LiveFeed) private readonly live: LiveFeed) {}

  /** Server-sent events: `balance` at once and whenever it has changed, `exceptions` when the desk has, `alive` while neither has. */
  @Sse()
  watch(): Observable<MessageEvent> {
    return new Observable((subscriber) =>
      this.live.watch(({ type, data }) => subscriber.next({ type, data })),
    );
  }
}
