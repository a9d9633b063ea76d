/** Where the quick exit leads when WeChat is too old to close a mini-program: nothing at all. */
Component({});
