import { innerTopics } from './inner.js';
import { relationTopics } from './relations.js';
import { studyTopics } from './study.js';
import type { Topic } from './topic.js';

export const TOPICS: readonly Topic[] = [...studyTopics, ...relationTopics, ...innerTopics];
