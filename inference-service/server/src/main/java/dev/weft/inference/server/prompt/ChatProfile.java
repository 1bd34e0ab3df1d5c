package dev.weft.inference.server.prompt;

import dev.weft.chat.ChatInput;
import dev.weft.chat.ChatRenderException;
import dev.weft.chat.ChatTemplate;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to the base or to one adapter. Safe for any thread.
 *
 * @param plain renders chats; null if neither the checkpoint nor the adapter has a template
 * @param withTools renders chats that bring tools; the same as {@code plain} if there is only one
 * @param specialTokens variables of the templates
 * @param endTokens tokens that end an answer
 * @param ownSpecialTokens tokens that are special to the adapter, though perhaps not to the base
 * @param replies how the model writes its replies
 */
public record ChatProfile(
        @Nullable ChatTemplate plain,
        @Nullable ChatTemplate withTools,
        Map<String, Object> specialTokens,
        Set<Integer> endTokens,
        Set<Integer> ownSpecialTokens,
        ReplyStyle replies) {
    private static final String LATER = "weft-probe-later";

    /** The profile of a model without special tokens of its own. */
    public ChatProfile(
            @Nullable ChatTemplate plain,
            @Nullable ChatTemplate withTools,
            Map<String, Object> specialTokens,
            Set<Integer> endTokens) {
        this(plain, withTools, specialTokens, endTokens, Set.of(), ReplyStyle.DEFAULT);
    }

    public ChatProfile {
        ownSpecialTokens = Set.copyOf(ownSpecialTokens);
        endTokens = Set.copyOf(endTokens);
    }

    /** Text of a conversation, with as much memory as a template's bounds allow. */
    public String render(Conversation chat, Clock clock) {
        return render(chat, clock, _ -> {});
    }

    /**
     * The conversation with all system messages in one at its beginning, if the template refuses
     * later ones, or leaves them out.
     *
     * @param memory as in {@link #render(Conversation, Clock, LongConsumer)}
     */
    public Conversation withSystemFirst(Conversation chat, Clock clock, LongConsumer memory) {
        return chat.hasLaterSystem() && !takesLaterSystem(chat, clock, memory)
                ? chat.withSystemFirst()
                : chat;
    }

    private boolean takesLaterSystem(Conversation chat, Clock clock, LongConsumer memory) {
        Conversation probe =
                new Conversation(
                        List.of(
                                Map.of("role", "system", "content", "weft-probe-first"),
                                Map.of("role", "user", "content", "weft-probe-question"),
                                Map.of("role", "system", "content", LATER),
                                Map.of("role", "user", "content", "weft-probe-question")),
                        chat.tools(),
                        Conversation.Ending.CLOSED,
                        chat.templateKwargs());
        try {
            return render(probe, clock, memory).contains(LATER);
        } catch (ApiException e) {
            if (e.code() != ErrorCode.INVALID_REQUEST) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Text of a conversation. Earlier calls have the form that the template takes; a second
     * template, for chats without tools, gets the usual one.
     *
     * @param clock for templates that tell the date
     * @param memory asked for bytes before they are taken; its exceptions end the rendering
     * @throws ApiException if there is no template, or it refuses the conversation, with the
     *     template's own words, or does not write the text that is to be continued as it is
     */
    public String render(Conversation chat, Clock clock, LongConsumer memory) {
        ChatTemplate template = chat.tools().isEmpty() ? plain : withTools;
        if (template == null) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "This model has no chat template: use /v1/completions with a prompt",
                    "messages");
        }
        CallForm form = template == withTools ? replies.form() : CallForm.USUAL;
        ChatInput input =
                new ChatInput(
                        form.of(chat.messages()),
                        chat.tools().isEmpty() ? null : chat.tools(),
                        null,
                        chat.ending() == Conversation.Ending.OPENED,
                        specialTokens,
                        chat.templateKwargs());
        ChatInput read = template.readsContentParts() ? input : input.withJoinedText();
        try {
            return chat.ending() == Conversation.Ending.CONTINUED
                    ? template.renderOpen(read, clock, memory)
                    : template.render(read, clock, memory);
        } catch (ChatRenderException e) {
            ErrorCode code =
                    e.reason() == ChatRenderException.Reason.STOPPED
                            ? ErrorCode.OVERLOADED
                            : ErrorCode.INVALID_REQUEST;
            throw new ApiException(code, String.valueOf(e.getMessage()), "messages");
        }
    }
}
