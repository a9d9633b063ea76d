/** What pages share that ask below /api/v1/: a page of a list, and a step after which everything of a root is asked for anew. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { sentenceOf } from '../ui/problem.js';
import { getPage, send } from './http.js';

export type Query = Record<string, string | number | undefined>;

/** @param root the first part of the key, by which steps renew it */
export const usePage = <Row>(root: string, path: string, query: Query) =>
  useQuery({
    queryKey: [root, path, query],
    queryFn: ({ signal }) => getPage<Row>(`/api/v1/${path}`, query, signal),
  });

interface Step {
  method?: 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1/. */
  path: string;
  body?: object;
  /** What is said when it is done. */
  told?: string;
}

/** @param done with the answer, after the lists show it */
export function useStepOf<Answer = unknown>(root: string, done?: (answer: Answer) => void) {
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ method = 'POST', path, body }: Step) =>
      send<Answer>(method, `/api/v1/${path}`, method === 'DELETE' ? undefined : (body ?? {})),
    onSuccess: async (answer, { told }) => {
      if (told !== undefined) void message.success(told);
      await cache.invalidateQueries({ queryKey: [root] });
      done?.(answer);
    },
    onError: (error) => void message.error(sentenceOf(error), 6),
  });
}
