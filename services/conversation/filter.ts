import type { QueryFilter } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';

/** A filter over conversations, as mongoose types it. */
export type FilterQuery = QueryFilter<Conversation>;
