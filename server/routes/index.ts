/** Every route there is; what is not in this list is not served. */
import type { Route } from '../route.js';
import { consultantRoutes } from './consultant/index.js';
import { arrangeRoutes } from './hotline/arrange.js';
import { authRoutes } from './hotline/auth.js';
import { configRoutes } from './hotline/config.js';
import { conversationRoutes } from './hotline/conversation.js';
import { counselorRoutes } from './hotline/counselor.js';
import { evaluateRoutes } from './hotline/evaluate.js';
import { imRoutes } from './hotline/im.js';
import { exportRoutes } from './hotline/export.js';
import { staffRoutes } from './hotline/staff.js';
import { statisticsRoutes } from './hotline/statistics.js';
import { superviseRoutes } from './hotline/supervise.js';
import { userRoutes } from './hotline/users.js';
import { wechatRoutes } from './hotline/wechat.js';
import { attachmentRoutes } from './ours/attachments.js';
import { calendarRoutes } from './ours/calendar.js';
import { caseFileRoutes } from './ours/case-files.js';
import { bookingRoutes } from './ours/bookings.js';
import { auditRoutes } from './ours/audit.js';
import { avatarRoutes } from './ours/avatars.js';
import { cannedReplyRoutes } from './ours/canned-replies.js';
import { careRoutes } from './ours/care.js';
import { consentRoutes } from './ours/consent.js';
import { consentTextRoutes } from './ours/consent-texts.js';
import { conversationsRoutes } from './ours/conversations.js';
import { devOutboxRoutes } from './ours/dev-outbox.js';
import { erasureRequestRoutes } from './ours/erasure-requests.js';
import { exportsRoutes } from './ours/exports.js';
import { guestRoutes } from './ours/guest.js';
import { healthRoutes } from './ours/health.js';
import { institutionRoutes } from './ours/institutions.js';
import { imOperationRoutes } from './ours/im.js';
import { meRoutes } from './ours/me.js';
import { memberRoutes } from './ours/members.js';
import { offerRoutes } from './ours/offers.js';
import { offlineMessageRoutes } from './ours/offline-messages.js';
import { orderRoutes } from './ours/orders.js';
import { wallRoutes } from './ours/wall.js';
import { wishRoutes } from './ours/wishes.js';
import { webhookRoutes } from './ours/webhooks.js';
import { retentionRoutes } from './ours/retention.js';
import { reportRoutes } from './ours/reports.js';
import { qualityReviewRoutes } from './ours/quality-reviews.js';
import { searchRoutes } from './ours/searches.js';
import { sessionRecordRoutes } from './ours/session-records.js';
import { riskRoutes } from './ours/risk.js';
import { policyRoutes } from './ours/policy.js';
import { tagRoutes } from './ours/tags.js';
import { transferRoutes } from './ours/transfers.js';
import { supervisionRoutes } from './ours/supervisions.js';

export const allRoutes: Route[] = [
  ...authRoutes,
  ...wechatRoutes,
  ...staffRoutes,
  ...userRoutes,
  ...superviseRoutes,
  ...statisticsRoutes,
  ...counselorRoutes,
  ...arrangeRoutes,
  ...conversationRoutes,
  ...exportRoutes,
  ...evaluateRoutes,
  ...imRoutes,
  ...configRoutes,
  ...consultantRoutes,
  ...attachmentRoutes,
  ...avatarRoutes,
  ...devOutboxRoutes,
  ...guestRoutes,
  ...healthRoutes,
  ...institutionRoutes,
  ...imOperationRoutes,
  ...consentRoutes,
  ...consentTextRoutes,
  ...meRoutes,
  ...memberRoutes,
  ...offerRoutes,
  ...wishRoutes,
  ...offlineMessageRoutes,
  ...policyRoutes,
  ...orderRoutes,
  ...bookingRoutes,
  ...caseFileRoutes,
  ...calendarRoutes,
  ...webhookRoutes,
  ...retentionRoutes,
  ...erasureRequestRoutes,
  ...auditRoutes,
  ...reportRoutes,
  ...supervisionRoutes,
  ...tagRoutes,
  ...transferRoutes,
  ...riskRoutes,
  ...searchRoutes,
  ...sessionRecordRoutes,
  ...qualityReviewRoutes,
  ...careRoutes,
  ...cannedReplyRoutes,
  ...wallRoutes,
  ...conversationsRoutes,
  ...exportsRoutes,
];
