/** A subpackage must have a page; nothing leads here. */
Component({});
