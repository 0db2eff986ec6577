import type { OrderFact } from '@watertight/contracts';
import { readObject, readText } from '../lenient-readers.ts';
import { readAdditionalFields } from './additional-fields.ts';
import type { SellerOrder } from './order-schema.ts';

type Buyer = OrderFact['buyer'];

const ADDITIONAL = 'additional:';

/**
 * What the order says of its buyer. Addresses may be null before acceptance. Shipping comes before billing: it is
 * the person who receives the goods.
 */
export function readBuyer(order: SellerOrder, emailFrom: readonly string[]): Buyer {
  const customer = readObject(order.customer);
  const shipping = readObject(customer['shipping_address']);
  const billing = readObject(customer['billing_address']);
  const address = Object.keys(shipping).length > 0 ? shipping : billing;
  const phones = [shipping, billing].flatMap((from) => [from['phone'], from['phone_secondary']]);
  return {
    contacts: emailFrom.flatMap((field) => readContact(order, field)),
    firstName: readText(customer['firstname'], 500) ?? readText(address['firstname'], 500),
    lastName: readText(customer['lastname'], 500) ?? readText(address['lastname'], 500),
    locale: readText(customer['locale'], 50),
    countryCode: readText(address['country_iso_code'], 10),
    country: readText(address['country'], 200),
    region: readText(address['state'], 200),
    city: readText(address['city'], 200),
    postalCode: readText(address['zip_code'], 50),
    phone: phones.map((phone) => readText(phone, 100)).find((phone) => phone !== null) ?? null,
  };
}

/** Only a field that the policy names is read, and its text is handed on unjudged: the mapper classifies it. */
function readContact(order: SellerOrder, field: string): Buyer['contacts'] {
  return readContactField(order, field).map((value) => ({ field, value: value.slice(0, 1_000) }));
}

function readContactField(order: SellerOrder, field: string): readonly string[] {
  if (field.startsWith(ADDITIONAL)) {
    const code = field.slice(ADDITIONAL.length);
    const found = readAdditionalFields(order.order_additional_fields).filter((one) => one.code === code);
    return found.flatMap(({ value }) => value ?? []);
  }
  if (field !== 'customer_notification_email') return [];
  const text = readText(order.customer_notification_email);
  return text === null ? [] : [text];
}
