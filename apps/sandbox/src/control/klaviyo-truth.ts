import type { Static } from 'typebox';
import { parseJson, type Json } from '../http/json.ts';
import { byTime } from '../klaviyo/metric-book.ts';
import { eventIdOf } from '../klaviyo/render-resources.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { ControlRefusal } from './control-refusal.ts';
import type { ConsentBody } from './control-schemas.ts';

/** Stored events with their profile's address; by metric name, address or unique id. */
export function eventsTruth(state: SandboxState, query: Readonly<Record<string, string | undefined>>): Json {
  const { metric: name, email, uniqueId } = query;
  const metrics = state.klaviyo.metrics.metrics.filter(
    (metric) => name === undefined || metric.name === name,
  );
  const wanted = email?.toLowerCase();
  return metrics
    .flatMap((metric) => [...metric.events])
    .filter((event) => wanted === undefined || event.profile.email?.toLowerCase() === wanted)
    .filter((event) => uniqueId === undefined || event.uniqueId === uniqueId)
    .sort(byTime)
    .map((event) => ({
      id: eventIdOf(event),
      metric: event.metric.name,
      uniqueId: event.uniqueId,
      time: new Date(event.seconds * 1000).toISOString(),
      value: event.value,
      currency: event.currency,
      backfill: event.backfill,
      route: event.route,
      storedAt: new Date(event.storedMs).toISOString(),
      email: event.profile.email,
      phone: event.profile.phone,
      profileId: event.profile.id,
      profileProperties: event.profile.properties,
      properties: parseJson(event.properties),
    }));
}

/** Sets consent or a suppression as the person would by a form or a link in a mail. */
export function setConsent(state: SandboxState, body: Static<typeof ConsentBody>): Json {
  const nowMs = state.clock.now();
  const identifiers = {
    id: null,
    email: body.email,
    phone: null,
    externalId: null,
    anonymousId: null,
    exchangeId: null,
  };
  const match = state.klaviyo.profiles.match(identifiers);
  if (match.kind === 'conflict') throw new ControlRefusal(409, 'the address belongs to two profiles');
  const profile =
    match.kind === 'found' ? match.profile : state.klaviyo.profiles.create(identifiers, nowMs, nowMs);
  if (body.consent !== undefined) {
    profile.consent = body.consent;
    profile.consentMs = nowMs;
  }
  if (body.suppress !== undefined) {
    profile.suppressions = [...profile.suppressions, { reason: body.suppress, timestampMs: nowMs }];
  }
  profile.updatedMs = nowMs;
  return { id: profile.id, consent: profile.consent };
}
