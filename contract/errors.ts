/**
 * The one registry of error words. A service throws a word; each dialect's number and the HTTP status are read
 * here and nowhere else (design.md, "Dialects").
 */
export interface ErrorRow {
  /** HTTP status of our own endpoints, and of a hotline answer that is not a business answer. */
  http: number;
  /** `code` of the hotline API (document section 2) and of our own endpoints. */
  hotline: number;
  /** `code` of the consultant API, always sent with HTTP 200. */
  consultant: number;
  /** True where the documented client expects HTTP 200 with the code in the body. */
  hotlineOk: boolean;
  /** The Chinese sentence shown when the thrower gives none. */
  message: string;
}

const row = (
  http: number,
  hotline: number,
  consultant: number,
  hotlineOk: boolean,
  message: string,
): ErrorRow => ({ http, hotline, consultant, hotlineOk, message });

export const ERRORS = {
  BAD_INPUT: row(400, -2, 400, true, '参数格式不正确，请检查后重试。'),
  UNAUTHENTICATED: row(401, -5, 401, false, '请先登录。'),
  BAD_CREDENTIALS: row(401, -3, 400, true, '该用户名不存在或已被禁用,请核实后再登录!'),
  FORBIDDEN: row(403, -5, 403, true, '您没有权限进行此操作。'),
  BANNED: row(403, -5, 401, false, '该账号已被停用，如有疑问请联系机构。'),
  NOT_FOUND: row(404, -4, 404, true, '没有找到对应的记录。'),
  CONFLICT: row(409, -2, 409, true, '与现有记录冲突，请刷新后重试。'),
  RULE_REFUSED: row(422, -2, 400, true, '当前状态下不能进行此操作。'),
  CLOSED: row(422, -2, 400, true, '现在不在服务时间，请稍后再来。'),
  CONVERSATION_ENDED: row(409, -2, 409, true, '会谈已经结束，不能再发送消息。'),
  CONSENT_NEEDED: row(403, -2, 403, true, '请先阅读并同意知情同意书。'),
  TOO_LARGE: row(413, -2, 413, true, '内容过大，请缩短后重试。'),
  QUOTA: row(429, -6, 429, true, '已超出可用次数限制。'),
  RATE_LIMITED: row(429, -3, 429, false, '操作过于频繁，请稍后再试。'),
  OVERLOADED: row(503, -3, 429, false, '系统繁忙，请稍后重试。'),
  UNAVAILABLE: row(503, -1, 500, false, '服务暂时不可用，请稍后重试，您的内容不会丢失。'),
  THIRD_PARTY: row(502, -1, 500, true, '第三方服务暂时不可用，请稍后重试。'),
  INTERNAL: row(500, -1, 500, false, '系统出现问题，请稍后重试。'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorWord = keyof typeof ERRORS;

/** An error as every socket acknowledgement and every one of our own HTTP answers carries it. */
export interface WireError {
  code: ErrorWord;
  message: string;
  /** Milliseconds to wait before trying again, where that helps. */
  retry?: number;
  /** Which fields were wrong, for BAD_INPUT. */
  details?: { path: string; message: string }[];
}
