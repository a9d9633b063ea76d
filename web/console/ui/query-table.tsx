/** A list from the server: waiting, failed with a way to ask again, empty with a hint, rows. The same on every page. */
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Table, type TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState, FailedState } from './states.js';

interface Props<Row> extends Omit<TableProps<Row>, 'loading' | 'locale'> {
  query: Pick<UseQueryResult, 'data' | 'isError' | 'isPending' | 'isPlaceholderData' | 'error' | 'refetch'>;
  /** What did not come. */
  failed: string;
  /** Left out: the kit's own words. */
  empty?: { icon?: ReactNode; title: string; hint?: string };
}

/** The kit names its boxes in English, whatever the language. */
function useNamedBoxes<Row>({
  rowSelection,
  dataSource,
}: Pick<TableProps<Row>, 'rowSelection' | 'dataSource'>): Pick<TableProps<Row>, 'rowSelection'> {
  const { t } = useTranslation();
  if (rowSelection === undefined) return {};
  return {
    rowSelection: {
      getTitleCheckboxProps: () => ({ 'aria-label': t('common.chooseAll') }),
      getCheckboxProps: (row) => ({
        'aria-label': t('common.chooseRow', { n: (dataSource?.indexOf(row) ?? 0) + 1 }),
      }),
      ...rowSelection,
    },
  };
}

export function QueryTable<Row extends object>({ query, failed, empty, ...table }: Props<Row>) {
  const boxes = useNamedBoxes(table);
  if (query.isError && query.data === undefined)
    return <FailedState title={failed} error={query.error} retry={() => void query.refetch()} />;
  return (
    <Table<Row>
      size="middle"
      scroll={{ x: 'max-content' }}
      // Only while other rows are awaited than those shown: neither a quick answer nor asking again may blink.
      loading={(query.isPending || query.isPlaceholderData) && { delay: 200 }}
      {...(empty ? { locale: { emptyText: query.isPending ? ' ' : <EmptyState {...empty} /> } } : {})}
      {...table}
      {...boxes}
    />
  );
}

interface Paged<Row> extends Omit<Props<Row>, 'query' | 'dataSource' | 'pagination' | 'size'> {
  query: UseQueryResult<{ rows: Row[]; count: number }>;
  /** 1 is the first. */
  page: number;
  size: number;
  turn: (page: number) => void;
  /** Left out: nothing is said of how many there are. */
  total?: (count: number) => string;
}

/** One page of a list that the server pages, and the way to the others. */
export function PagedTable<Row extends object>({ query, page, size, turn, total, ...table }: Paged<Row>) {
  return (
    <QueryTable<Row>
      query={query}
      dataSource={query.data?.rows ?? []}
      pagination={{
        current: page,
        pageSize: size,
        total: query.data?.count ?? 0,
        hideOnSinglePage: true,
        // The page is always as long as was asked for: a choice here would change nothing.
        showSizeChanger: false,
        onChange: turn,
        ...(total && { showTotal: total }),
      }}
      {...table}
    />
  );
}
