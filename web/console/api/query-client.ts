import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './http.js';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // A refusal stays a refusal; only trouble on the way is worth another try.
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.kind === 'network' || error.kind === 'server'),
    },
  },
});
