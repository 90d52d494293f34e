package dev.logtap.railway;

/**
 * Why a subscription is no more.
 *
 * @param sentence null where that is nothing out of order
 */
record End(Kind kind, String sentence) {
  enum Kind {
    /** Railway is done with it, as it may be at any time. */
    COMPLETE,
    /** The subscription failed. */
    FAILED,
    /** The socket is gone. */
    CUT,
    /** The socket is gone, for it brought a message larger than any may be. */
    TOO_LARGE,
    /** We took too long. */
    OVERTAKEN
  }
}
