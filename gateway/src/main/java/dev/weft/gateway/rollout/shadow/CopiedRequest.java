package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.body.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * A client's request, as far as a copy needs it.
 *
 * @param tenant tenant that sent it
 * @param contentType null if the client names none
 */
public record CopiedRequest(
        String tenant, String path, @Nullable String contentType, RequestHead head, Body body) {
    /** The bytes of a body, which nobody changes. */
    public static final class Body {
        private final byte[] bytes;

        public Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    boolean stream() {
        return head.stream();
    }
}
