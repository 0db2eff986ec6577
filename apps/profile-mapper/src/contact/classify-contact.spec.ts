import { describe, expect, it } from '@jest/globals';
import { classifyContact, type ContactRules } from './classify-contact.ts';
import { normaliseAddress } from './normalise-address.ts';

const rules: ContactRules = {
  relayDomains: ['relay.shop.example'],
  placeholders: ['No-Reply@shop.example', '@placeholder.example', 'unknown+*@shop.example'],
};
const classify = (values: readonly string[], { anonymised = false } = {}) => {
  const candidates = values.map((value) => ({ value, source: 'mirakl' as const }));
  const contact = classifyContact(candidates, rules, { anonymised });
  return 'email' in contact ? `${contact.class} ${contact.email}` : contact.class;
};

describe('classifyContact', () => {
  it.each([
    ['ada@example.com', 'direct ada@example.com'],
    ['  Ada@Example.COM \n', 'direct ada@example.com'],
    ['ada@bücher.example', 'direct ada@xn--bcher-kva.example'],
    ['ada+shop@example.com', 'direct ada+shop@example.com'],
    ['r7f3k2m9x1q.a1b2c3d4e@notification.mirakl.net', 'relay r7f3k2m9x1q.a1b2c3d4e@notification.mirakl.net'],
    ['x@us.notification.mirakl.net', 'relay x@us.notification.mirakl.net'],
    ['x@NOTIFICATION.Mirakl.net', 'relay x@notification.mirakl.net'],
    ['x@notnotification.mirakl.net', 'direct x@notnotification.mirakl.net'],
    ['x@notification.mirakl.net.example', 'direct x@notification.mirakl.net.example'],
    ['x@relay.shop.example', 'relay x@relay.shop.example'],
    ['x@eu.relay.shop.example', 'relay x@eu.relay.shop.example'],
    ['no-reply@shop.example', 'placeholder no-reply@shop.example'],
    ['anything@placeholder.example', 'placeholder anything@placeholder.example'],
    ['unknown+123@shop.example', 'placeholder unknown+123@shop.example'],
    ['not an address', 'malformed'],
    ['ada@', 'malformed'],
    ['@example.com', 'malformed'],
    ['ada@localhost', 'malformed'],
    ['ada@example.com, eve@example.com', 'malformed'],
    ['ada@exam ple.com', 'malformed'],
    ['ada\u0000@example.com', 'malformed'],
    [`${'a'.repeat(65)}@example.com`, 'malformed'],
    ['', 'absent'],
    ['   ', 'absent'],
  ])('takes %j as %s', (value, expected) => {
    expect(classify([value])).toBe(expected);
  });

  it('takes no field at all as absent', () => {
    expect(classify([])).toBe('absent');
  });

  it('lets the best class win, and of two equal ones the first', () => {
    expect(classify(['broken', 'x@notification.mirakl.net', 'ada@example.com'])).toBe(
      'direct ada@example.com',
    );
    expect(classify(['', 'broken', 'no-reply@shop.example'])).toBe('placeholder no-reply@shop.example');
    expect(classify(['', 'broken'])).toBe('malformed');
    expect(classify(['one@example.com', 'two@example.com'])).toBe('direct one@example.com');
  });

  it('finds nobody behind an anonymised order, unless a person claimed an address', () => {
    expect(classify(['anonymous@example.com'], { anonymised: true })).toBe('anonymised');
    const claimed = [{ value: 'ada@example.com', source: 'claim' as const }];
    expect(classifyContact(claimed, rules, { anonymised: true })).toEqual({
      class: 'direct',
      email: 'ada@example.com',
      source: 'claim',
    });
  });
});

describe('normaliseAddress', () => {
  it('gives one form to every way of writing one address', () => {
    const forms = ['ada@example.com', ' ADA@example.com', 'Ada@EXAMPLE.com '].map(normaliseAddress);
    expect(new Set(forms)).toEqual(new Set(['ada@example.com']));
    // é as one character and as two.
    expect(normaliseAddress('Jos\u00e9@example.com')).toBe(normaliseAddress('Jose\u0301@example.com'));
  });

  it('changes nothing when applied to its own result', () => {
    const once = normaliseAddress('ADA@BÜCHER.example') ?? '';
    expect(normaliseAddress(once)).toBe(once);
  });
});
