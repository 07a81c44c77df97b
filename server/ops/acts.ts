/** What sources do, as far as it is counted: acts by their route, method and status. */

interface Act {
  readonly name: string;
  readonly help: string;
  readonly methods: readonly string[];
  readonly routes: readonly string[];
  readonly statuses: readonly number[];
}

/** Each of these is told by the day, see `slow-counter.ts`. */
export const ACTS: readonly Act[] = [
  {
    name: 'postern_parcels_opened_total',
    help: 'Submissions begun.',
    methods: ['POST'],
    routes: ['/api/parcels'],
    statuses: [201],
  },
  {
    name: 'postern_uploads_total',
    help: 'Requests that brought bytes of a part, or made one.',
    methods: ['POST', 'PATCH'],
    routes: ['/api/parcels/:parcel/parts/:part', '/api/tus'],
    statuses: [201, 204],
  },
  {
    name: 'postern_parcels_sealed_total',
    help: 'Requests for a receipt that were granted.',
    methods: ['POST'],
    routes: ['/api/parcels/:parcel/seal'],
    statuses: [200],
  },
  {
    name: 'postern_mailbox_sign_ins_total',
    help: 'Mailboxes entered.',
    methods: ['POST'],
    routes: ['/api/mailbox/session'],
    statuses: [200],
  },
];

/** The act that an answered request was, or none. */
export function actOf(route: string, method: string, status: number): string | null {
  const act = ACTS.find(
    ({ methods, routes, statuses }) => methods.includes(method) && routes.includes(route) && statuses.includes(status),
  );
  return act?.name ?? null;
}
