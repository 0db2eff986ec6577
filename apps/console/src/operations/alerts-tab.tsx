import { Badge, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, http } from '../api/client.ts';
import type { Alerts } from '../api/model.ts';
import { refresh } from '../api/refresh.ts';
import { useMay } from '../api/use-me.ts';
import { DataTable } from '../display/data-table.tsx';
import { notify, notifyFailure } from '../display/notify.tsx';
import { OwnerBadge } from '../display/owners.tsx';
import { Section } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Age } from '../display/time.tsx';

type Route = Alerts['routes'][number];

/** What is firing, where it is told, and what could not be told. */
export function AlertsTab() {
  const alerts = api.useQuery('get', '/alerts', {}, { refetchInterval: 10_000 });
  return (
    <Loaded query={alerts} lines={10}>
      {(answer) => (
        <Stack gap="md">
          <Firing alerts={answer} />
          <Routes routes={answer.routes} />
          <Deliveries alerts={answer} />
        </Stack>
      )}
    </Loaded>
  );
}

function Firing({ alerts }: { alerts: Alerts }) {
  return (
    <Section title="Alerts" note="Firing now, and those of the last 14 days">
      {alerts.alerts.length === 0 ? (
        <Empty title="Quiet">No rule has fired in 14 days.</Empty>
      ) : (
        <DataTable
          label="Alerts"
          rows={alerts.alerts}
          rowId={({ cause, since }) => `${cause}|${since}`}
          columns={[
            {
              id: 'title',
              header: 'What',
              cell: ({ title, text }) => (
                <>
                  <Text size="sm" fw={500}>
                    {title}
                  </Text>
                  <Text size="xs" className="muted quote">
                    {text}
                  </Text>
                </>
              ),
            },
            {
              id: 'state',
              header: 'State',
              cell: ({ state }) => <Badge color={state === 'firing' ? 'orange' : 'teal'}>{state}</Badge>,
            },
            { id: 'since', header: 'Since', cell: ({ since }) => <Age at={since} /> },
            {
              id: 'told',
              header: 'Told',
              cell: ({ lastToldAt }) => <Age at={lastToldAt} none="not yet" />,
            },
            { id: 'owner', header: 'Whose job', cell: ({ owner }) => <OwnerBadge owner={owner} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Routes({ routes }: { routes: readonly Route[] }) {
  return (
    <Section title="Where alerts go" note="Configured under alerts: in marketplaces.yaml">
      {routes.length === 0 ? (
        <Empty title="Nowhere yet">
          Add a route (Slack, webhook or mail) under alerts: in marketplaces.yaml, then test it here.
        </Empty>
      ) : (
        <DataTable
          label="Routes of alerts"
          rows={routes}
          rowId={({ name }) => name}
          columns={[
            { id: 'name', header: 'Route', cell: ({ name, kind, target }) => `${name} (${kind}, ${target})` },
            { id: 'rules', header: 'Rules', cell: ({ rules }) => rules.join(', ').replaceAll('_', ' ') },
            { id: 'quiet', header: 'Quiet hours', cell: ({ quietHours }) => quietHours ?? 'none' },
            {
              id: 'state',
              header: 'Delivery',
              cell: ({ failing, lastDeliveredAt }) =>
                failing ? (
                  <Badge color="orange" variant="filled">
                    failing
                  </Badge>
                ) : (
                  <Age at={lastDeliveredAt} none="nothing told yet" />
                ),
            },
            { id: 'test', header: 'Do', cell: ({ name }) => <TestButton name={name} /> },
          ]}
        />
      )}
    </Section>
  );
}

function TestButton({ name }: { name: string }) {
  const mayTest = useMay('testAlertRoute');
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => answerOf(http.POST('/alerts/routes/{name}/test', { params: { path: { name } } })),
    onSuccess: ({ state, error }) => {
      if (state === 'delivered') notify({ message: `The test over ${name} was taken.` });
      else notifyFailure(new Error(error ?? `The test over ${name} is ${state}.`));
      return refresh(queries, '/alerts');
    },
    onError: notifyFailure,
  });
  if (!mayTest) return null;
  return (
    <Button size="compact-xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
      Test {name}
    </Button>
  );
}

function Deliveries({ alerts }: { alerts: Alerts }) {
  return (
    <Section title="What was told" note="The newest 100; a failure stays visible">
      {alerts.deliveries.length === 0 ? (
        <Empty title="Nothing yet">Alerts, reminders, recoveries and tests appear here.</Empty>
      ) : (
        <DataTable
          label="Deliveries of alerts"
          rows={alerts.deliveries}
          rowId={({ id }) => id}
          columns={[
            { id: 'at', header: 'When', cell: ({ at }) => <Age at={at} /> },
            { id: 'what', header: 'What', cell: ({ what, causes }) => [what, ...causes].join(' · ') },
            { id: 'route', header: 'Route', cell: ({ route }) => route },
            {
              id: 'state',
              header: 'State',
              cell: ({ state, error, attempts }) =>
                `${state} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${error === null ? '' : `: ${error}`}`,
            },
          ]}
        />
      )}
    </Section>
  );
}
