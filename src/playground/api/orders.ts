/** The practice data: twenty orders that look like a shop's, the same at every start, and the shape of a new one. */

export interface OrderItem {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

export interface Order {
  readonly id: string;
  readonly status: 'open' | 'paid' | 'shipped' | 'delivered' | 'cancelled';
  readonly customer: { readonly name: string; readonly email: string };
  readonly items: readonly OrderItem[];
  readonly currency: 'EUR';
  readonly total: number;
  readonly createdAt: string;
  readonly shipTo: { readonly city: string; readonly country: string };
  readonly note: string | null;
}

const customers = [
  ['Grace Hopper', 'Arlington', 'US'],
  ['Katherine Johnson', 'Hampton', 'US'],
  ['Konrad Zuse', 'Hünfeld', 'DE'],
  ['Mary Somerville', 'Jedburgh', 'GB'],
  ['高木貞治', '岐阜', 'JP'],
  ['Sofja Kowalewskaja', 'Stockholm', 'SE'],
  ['Émilie du Châtelet', 'Paris', 'FR'],
] as const;

const goods = [
  ['PEN-014', 'Fountain pen, medium nib', 42.5],
  ['INK-002', 'Ink, blue-black, 50 ml', 12.9],
  ['NTB-A5G', 'Notebook A5, dotted, 192 pages', 18],
  ['SLR-150', 'Slide rule, 15 cm', 64.95],
  ['LMP-007', 'Desk lamp, adjustable', 89],
  ['CHT-STA', 'Star chart, northern sky', 24.4],
  ['PUN-080', 'Punched cards, box of 80', 9.6],
] as const;

const states = ['delivered', 'delivered', 'shipped', 'paid', 'cancelled', 'open'] as const;
const notes = [null, null, 'Leave at the front desk.', null, 'Gift: no price in the box, merci 🎁', null] as const;

export function toTotal(items: readonly OrderItem[]): number {
  return Math.round(items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0) * 100) / 100;
}

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** Order number `index` (0 is the oldest); the same for the same index, so that a big answer can be made of them. */
export function createOrder(index: number): Order {
  const [name, city, country] = at(customers, index * 3 + 1);
  const items = Array.from({ length: (index % 3) + 1 }, (_, line): OrderItem => {
    const [sku, title, unitPrice] = at(goods, index * 2 + line);
    return { sku, title, quantity: ((index + line) % 4) + 1, unitPrice };
  });
  const created = Date.UTC(2026, 8, 1, 8, 12, 40) + (index % 60) * 93_251_000;
  return {
    id: `ord_${String(1_001 + index)}`,
    status: at(states, index),
    customer: { name, email: `customer${String((index % 7) + 1)}@example.com` },
    items,
    currency: 'EUR',
    total: toTotal(items),
    createdAt: new Date(created).toISOString(),
    shipTo: { city, country },
    note: at(notes, index),
  };
}

export function createOrders(count = 20): Order[] {
  return Array.from({ length: count }, (_, index) => createOrder(index));
}

/** A new order from a request's JSON, or what is wrong with it, one sentence for each field. */
export function parseOrder(
  input: unknown,
  id: string,
  now: Date,
): Order | { readonly problems: Record<string, string> } {
  const problems: Record<string, string> = {};
  const value = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const given = Array.isArray(value['items']) ? (value['items'] as unknown[]) : [];
  if (given.length === 0) problems['items'] = 'Give at least one item: {"sku": "INK-002", "quantity": 2}.';
  const items: OrderItem[] = [];
  given.slice(0, 100).forEach((one, index) => {
    const { sku, quantity } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
    const known = goods.find(([name]) => name === sku);
    if (known === undefined)
      problems[`items[${String(index)}].sku`] = `Known are ${goods.map(([name]) => name).join(', ')}.`;
    const count = quantity ?? 1;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || count > 999) {
      problems[`items[${String(index)}].quantity`] = 'Give a whole number from 1 to 999.';
    } else if (known !== undefined) {
      items.push({ sku: known[0], title: known[1], quantity: count, unitPrice: known[2] });
    }
  });
  const text = (name: string, otherwise: string): string => {
    const one = value[name];
    return typeof one === 'string' ? one.slice(0, 200) : otherwise;
  };
  if (Object.keys(problems).length > 0) return { problems };
  return {
    id,
    status: 'open',
    customer: { name: text('customer', 'Walk-in customer'), email: text('email', 'nobody@example.com') },
    items,
    currency: 'EUR',
    total: toTotal(items),
    createdAt: now.toISOString(),
    shipTo: { city: text('city', 'Delft'), country: text('country', 'NL') },
    note: typeof value['note'] === 'string' ? value['note'].slice(0, 500) : null,
  };
}
