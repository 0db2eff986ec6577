/** An id that left for another buyer, or one part that failed, fails the event; it is verified, or accepted, when all its parts are. */
export const SETTLE = `
  with tally as (
    select e.event_id, e.parts, e.other_buyer_at is not null as elsewhere, count(*) as rows,
      count(*) filter (where d.state = 'verified') as verified,
      count(*) filter (where d.state in ('accepted', 'verified')) as accepted,
      count(*) filter (where d.state = 'rejected') as rejected,
      (array_agg(d.reason order by d.unique_id <> d.event_id, d.unique_id) filter (where d.state = 'rejected'))[1] as reason,
      (array_agg(d.detail order by d.unique_id <> d.event_id, d.unique_id) filter (where d.state = 'rejected'))[1] as detail,
      (array_agg(d.exchange order by d.unique_id <> d.event_id, d.unique_id) filter (where d.state = 'rejected'))[1] as exchange
    from buyer_event e join delivery d using (event_id)
    where e.event_id = any($1::text[]) and e.word is distinct from 'erased' group by e.event_id
  ), now_word as (
    select event_id, 'failed' as word, reason, detail, exchange from tally where rejected > 0 and not elsewhere
    union all
    select event_id, 'failed', 'klaviyo.sent_for_another_address', null, null from tally where elsewhere
    union all
    select event_id, 'verified', null, null, null from tally where not elsewhere and rejected = 0 and verified = rows and rows >= parts
    union all
    select event_id, 'accepted', 'klaviyo.accepted', null, null from tally
    where not elsewhere and rejected = 0 and accepted = rows and verified < rows and rows >= parts
  ), changed as (
    update buyer_event e
    set word = n.word, reason = n.reason, detail = n.detail, exchange = n.exchange, revision = e.revision + 1, updated_at = $2,
      payload = case when n.word = 'verified' then null else e.payload end
    from now_word n
    where e.event_id = n.event_id and (e.word, e.reason, e.detail) is distinct from (n.word, n.reason, n.detail)
    returning e.event_id, e.order_key, e.word, e.reason, e.detail, e.revision, e.exchange
  )
  select *, true as changed from changed
  union all
  select event_id, order_key, word, reason, detail, revision, exchange, false from buyer_event
  where event_id = any($1::text[]) and word is not null and event_id not in (select event_id from changed)`;
