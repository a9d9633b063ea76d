/** A reason that trying again won't mend; the sentence is for the asker. */
export class ExportRefused extends Error {}
