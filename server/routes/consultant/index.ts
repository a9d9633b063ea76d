/** The second document's calls, all POST; each group in a file of its own. */
import type { Route } from '../../route.js';
import { consultantAuthRoutes } from './auth.js';
import { consultantConsultationRoutes } from './consultations.js';
import { consultantDashboardRoutes } from './dashboard.js';
import { consultantOrderRoutes } from './orders.js';
import { consultantRecordRoutes } from './records.js';
import { consultantScheduleRoutes } from './schedule.js';
import { consultantTemplateRoutes } from './templates.js';
import { consultantUserRoutes } from './user.js';

export const consultantRoutes: Route[] = [
  ...consultantAuthRoutes,
  ...consultantDashboardRoutes,
  ...consultantOrderRoutes,
  ...consultantRecordRoutes,
  ...consultantConsultationRoutes,
  ...consultantScheduleRoutes,
  ...consultantTemplateRoutes,
  ...consultantUserRoutes,
];
