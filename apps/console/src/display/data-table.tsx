import { Checkbox, Table } from '@mantine/core';
import {
  type Column as TableColumn,
  type ColumnDef,
  createSortedRowModel,
  type Row as TableRow,
  rowSelectionFeature,
  rowSortingFeature,
  type RowSelectionState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import { Defined } from './defined.tsx';

const features = tableFeatures({
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});
type Features = typeof features;

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** What the column counts, on hover. */
  readonly definition?: string | undefined;
  readonly align?: 'right';
  /** By what it sorts; without it it does not. */
  readonly sortBy?: (row: Row) => string | number;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row extends object> {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** Ids of ticked rows; with it each row gets a box. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  readonly rowLabel?: (row: Row) => string;
  readonly minWidth?: number;
}

/**
 * A table that sorts by its heads and may have rows ticked. Where it is too wide it scrolls sideways inside itself; on a
 * phone each row becomes a card, its heads beside its cells. The roles keep it a table for screen readers then.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, columns, rowId, selected, onSelect, minWidth = 560 } = props;
  const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
  const selection: RowSelectionState = Object.fromEntries([...(selected ?? [])].map((id) => [id, true]));
  const table = useTable<Features, Row>({
    features,
    columns: definitions,
    data: useMemo(() => [...rows], [rows]),
    getRowId: rowId,
    state: { rowSelection: selection },
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(selection) : update;
      onSelect?.(new Set(Object.keys(next).filter((id) => next[id] === true)));
    },
  });
  const isTicked = selected !== undefined;
  return (
    <div className="table-scroll" role="region" aria-label={props.label} tabIndex={0}>
      <Table
        role="table"
        verticalSpacing={7}
        horizontalSpacing="sm"
        miw={minWidth}
        highlightOnHover={isTicked}
      >
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {isTicked && (
              <Table.Th role="columnheader" w={36}>
                <Checkbox
                  size="xs"
                  aria-label="Tick all of them"
                  checked={table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sorting={table.getColumn(column.id)} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {table.getRowModel().rows.map((row) => (
            <BodyRow key={row.id} row={row} columns={columns} isTicked={isTicked} label={props.rowLabel} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function definitionOf<Row extends object>(column: Column<Row>): ColumnDef<Features, Row> {
  const { sortBy } = column;
  return sortBy === undefined
    ? { id: column.id, header: column.header, enableSorting: false }
    : {
        id: column.id,
        header: column.header,
        accessorFn: (row) => sortBy(row),
        sortFn: (one, other, id) => compare(one.getValue(id), other.getValue(id)),
      };
}

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}

interface HeadCellProps<Row extends object> {
  readonly column: Column<Row>;
  readonly sorting: TableColumn<Features, Row> | undefined;
}

function HeadCell<Row extends object>({ column, sorting }: HeadCellProps<Row>) {
  const direction = sorting?.getIsSorted() ?? false;
  const words = <Defined as={column.definition}>{column.header}</Defined>;
  return (
    <Table.Th
      role="columnheader"
      scope="col"
      className={column.align}
      aria-sort={direction === false ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
    >
      {column.sortBy === undefined ? (
        words
      ) : (
        <button type="button" className="sort" onClick={() => sorting?.toggleSorting()}>
          {column.definition === undefined ? (
            column.header
          ) : (
            <span title={column.definition}>{column.header}</span>
          )}
          <span aria-hidden="true">{direction === false ? '' : direction === 'asc' ? ' ↑' : ' ↓'}</span>
        </button>
      )}
    </Table.Th>
  );
}

interface BodyRowProps<Row extends object> {
  readonly row: TableRow<Features, Row>;
  readonly columns: readonly Column<Row>[];
  readonly isTicked: boolean;
  readonly label: ((row: Row) => string) | undefined;
}

function BodyRow<Row extends object>({ row, columns, isTicked, label }: BodyRowProps<Row>) {
  return (
    <Table.Tr role="row">
      {isTicked && (
        <Table.Td role="cell">
          <Checkbox
            size="xs"
            aria-label={`Tick ${label?.(row.original) ?? row.id}`}
            checked={row.getIsSelected()}
            onChange={row.getToggleSelectedHandler()}
          />
        </Table.Td>
      )}
      {columns.map((column, index) => (
        <Table.Td
          key={column.id}
          role="cell"
          className={column.align === 'right' ? 'right figures' : undefined}
          data-head={index === 0 ? undefined : column.header}
        >
          <div>{column.cell(row.original)}</div>
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
