package dev.weft.access.refusal;

/**
 * Why a request is refused.
 *
 * @param detail for the sender; holds no secret
 */
public record Refusal(Kind kind, String detail) {
    /** Something about the request does not allow it. */
    public static Refusal notAllowed(String detail) {
        return new Refusal(Kind.NOT_ALLOWED, detail);
    }

    /** The kind, which decides the answer's status. */
    public enum Kind {
        /** An address that no honest client writes. */
        SUSPICIOUS(400),
        /** A valid token is missing. */
        TOKEN_NEEDED(401),
        /** The holder is known, but its role does not allow it. */
        ROLE_NOT_ENOUGH(403),
        /** Something about the request does not allow it. */
        NOT_ALLOWED(403),
        /** There is nothing at that address. */
        NOTHING_THERE(404),
        /** A body that a page of another origin could send as well. */
        CONTENT_TYPE(415),
        /** The holder of the token can't be found out at the moment. */
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
