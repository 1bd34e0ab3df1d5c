package dev.weft.chat;

import dev.weft.chat.jinja.JinjaRuntimeException;
import dev.weft.chat.jinja.JinjaTemplate;
import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.syntax.JinjaSyntaxException;
import java.time.Clock;
import java.util.function.LongConsumer;

/**
 * A chat template, compiled once. It renders the same as jinja2 3.1.6 with the options of
 * transformers' {@code apply_chat_template}. Templates come with adapters and are not trusted: they
 * reach only their input, and each rendering has bounds. Immutable; any thread may render it.
 */
public final class ChatTemplate {
    private static final int MAX_SOURCE = 1 << 18;
    private static final Budget.Limits READING =
            new Budget.Limits(5_000_000, 1L << 28, MAX_SOURCE, 400);
    private static final Budget.Limits RENDERING =
            new Budget.Limits(20_000_000, 1L << 29, 1 << 24, 400);

    private final JinjaTemplate template;

    private ChatTemplate(JinjaTemplate template) {
        this.template = template;
    }

    /**
     * Reads a template.
     *
     * @throws ChatTemplateException if it can't be read, or uses an unsupported filter, test,
     *     function, method or tag; names the place and the construct
     */
    public static ChatTemplate compile(String source) {
        if (source.length() > MAX_SOURCE) {
            throw new ChatTemplateException(
                    "a template of "
                            + source.length()
                            + " characters; at most "
                            + MAX_SOURCE
                            + " are allowed",
                    1,
                    1);
        }
        try {
            return new ChatTemplate(JinjaTemplate.compile(source, new Budget(READING)));
        } catch (JinjaSyntaxException e) {
            throw new ChatTemplateException(String.valueOf(e.getMessage()), e.line(), e.column());
        }
    }

    /**
     * Renders the prompt for a conversation.
     *
     * @param clock time and time zone of {@code strftime_now}
     * @throws ChatRenderException if the template refuses the conversation, fails on it, or takes
     *     more than it may
     */
    public String render(ChatInput input, Clock clock) {
        return render(input, clock, _ -> {});
    }

    /**
     * Renders the prompt for a conversation, and asks for memory as it needs it. An interruption of
     * the thread ends it.
     *
     * @param clock time and time zone of {@code strftime_now}
     * @param memory is told how many more bytes values will have, at most {@code 2^29} in all; its
     *     exception ends the rendering
     * @throws ChatRenderException if the template refuses the conversation, fails on it, or takes
     *     more than it may
     */
    public String render(ChatInput input, Clock clock, LongConsumer memory) {
        Budget budget = new Budget(RENDERING, memory);
        try {
            return template.render(input.variables(), clock, budget);
        } catch (JinjaRuntimeException e) {
            throw ChatRenderException.of(e);
        }
    }

    /**
     * Renders the prompt for a conversation whose last message goes on: it ends with that message's
     * text, but for whitespace at the text's ends if the template trims it.
     *
     * @param input without a generation prompt; its last message's content is a text, or has a part
     *     with one
     * @param clock time and time zone of {@code strftime_now}
     * @param memory as in {@link #render(ChatInput, Clock, LongConsumer)}
     * @throws IllegalArgumentException if the last message has no text
     * @throws ChatRenderException as in {@link #render(ChatInput, Clock, LongConsumer)}, and if the
     *     template does not write that text as it is
     */
    public String renderOpen(ChatInput input, Clock clock, LongConsumer memory) {
        OpenMessage message = OpenMessage.of(input);
        return message.cut(render(message.marked(), clock, memory))
                .orElseThrow(ChatRenderException::ofAnotherText);
    }

    /**
     * True if the template goes through the parts of a message's content itself. If it does not,
     * the server joins text parts to one string first: see {@link ChatInput#withJoinedText()}.
     */
    public boolean readsContentParts() {
        return template.readsContentParts();
    }
}
