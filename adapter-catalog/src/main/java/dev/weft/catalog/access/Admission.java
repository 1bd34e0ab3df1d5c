package dev.weft.catalog.access;

/** Whether a request goes on. */
sealed interface Admission {
    /** It does. */
    record Admitted(Requester requester) implements Admission {}

    /**
     * It does not.
     *
     * @param status 401 where a valid token is missing, 403 where it is not enough
     */
    record Refused(int status, String detail) implements Admission {}
}
