package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.ChatProfiles;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.inference.server.residency.artifact.Deadline;
import java.time.Clock;
import java.time.Duration;

/**
 * Renders conversations as text.
 *
 * @param threads the threads that render chats
 * @param adapterTimeout longest wait for an adapter, which may bring a template
 */
public record Chats(
        ChatProfiles profiles, RenderThreads threads, Duration adapterTimeout, Clock clock) {
    /** Where a template gets system messages. */
    enum SystemMessages {
        /** At their places in the client's chat. */
        AS_THEY_ARE,
        /** At their places, or all in one at the beginning if the template takes none elsewhere. */
        FIRST_IF_NEEDED
    }

    /** The deadline until which a request that begins now waits for its adapter. */
    public Deadline adapterDeadline() {
        return Deadline.after(adapterTimeout);
    }

    /**
     * Renders a conversation as text, in memory that is taken for the request.
     *
     * @param whose the owner of the work; owners take turns
     */
    String render(
            ChatProfile profile,
            Conversation conversation,
            SystemMessages system,
            Object whose,
            RequestMemory memory)
            throws InterruptedException {
        return threads.run(
                whose,
                () -> {
                    Conversation read =
                            switch (system) {
                                case AS_THEY_ARE -> conversation;
                                case FIRST_IF_NEEDED ->
                                        profile.withSystemFirst(conversation, clock, memory::take);
                            };
                    return profile.render(read, clock, memory::take);
                });
    }
}
