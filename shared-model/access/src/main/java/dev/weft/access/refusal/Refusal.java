package dev.weft.access.refusal;

/**
 * Why a request does not go on.
 *
 * @param detail for who sent it; holds no secret
 */
public record Refusal(Kind kind, String detail) {
    /** What answers say it with. */
    public enum Kind {
        /** An address that nobody writes who means well. */
        SUSPICIOUS(400),
        /** A valid token is missing. */
        TOKEN_NEEDED(401),
        /** The holder is known, and its role does not allow it. */
        ROLE_NOT_ENOUGH(403),
        /** Something about the request does not allow it. */
        NOT_ALLOWED(403),
        /** There is nothing at that address. */
        NOTHING_THERE(404),
        /** A body that a page of another origin could send as well. */
        CONTENT_TYPE(415),
        /** Nobody can tell at the moment whose the token is. */
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** HTTP status. */
        public int status() {
            return status;
        }
    }
}
