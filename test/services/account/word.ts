/** The word of the AppError that a call ends with, `ok` when it does not. */
export async function wordOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return 'ok';
  } catch (error) {
    return (error as { word?: string }).word ?? String(error);
  }
}
