/**
 * Takes from a list of events everything but their time and our id. A page holds a thousand events with all their
 * properties, and the SDK would copy each of them. Whatever is not a list of events stays as it is.
 */
export function withSlimEvents(body: unknown): unknown {
  if (!isObject(body) || !Array.isArray(body['data'])) return body;
  return { ...body, data: body['data'].map(slim) };
}

function slim(entry: unknown): unknown {
  if (!isObject(entry) || entry['type'] !== 'event' || !isObject(entry['attributes'])) return entry;
  const { datetime, event_properties: properties } = entry['attributes'];
  const id = isObject(properties) ? { $event_id: properties['$event_id'] } : null;
  return { type: 'event', id: entry['id'], attributes: { datetime, event_properties: id } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
