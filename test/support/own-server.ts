/** Before each test file: the database server of this worker of jest, where `npm test` started one for each. */
const servers = process.env['TEST_MONGODB_URLS']?.split(' ') ?? [];
const own = servers[(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % servers.length];
if (own !== undefined) process.env['TEST_MONGODB_URL'] = own;
