package dev.weft.inference.server.prompt;

import dev.weft.chat.ChatTemplate;
import dev.weft.grammar.reply.CallSyntax;
import dev.weft.grammar.reply.CallSyntaxes;
import dev.weft.grammar.reply.Phrase;
import dev.weft.grammar.reply.Thought;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.text.Tokenizer;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds how models write their replies, unless the settings say it. */
public final class ReplyStyles {
    /** What may be an added token in a phrase. */
    private static final Pattern MARK = Pattern.compile("<[^<> ]+>|\\[[A-Z_]+\\]");

    private static final Thought THINK = new Thought("<think>", "</think>", false);

    private final ReplySettings settings;
    private final Tokenizer tokenizer;
    private final Clock clock;

    public ReplyStyles(ReplySettings settings, Tokenizer tokenizer, Clock clock) {
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.clock = clock;
    }

    /**
     * The style of a model.
     *
     * @param source of the template; null if it has none
     * @param template that renders chats with tools
     */
    ReplyStyle of(
            @Nullable String source,
            @Nullable ChatTemplate template,
            Map<String, Object> specialTokens) {
        CallSyntax calls = calls(template, specialTokens);
        Thought thought =
                switch (settings.reasoning()) {
                    case THINK -> THINK;
                    case NONE -> null;
                    case AUTO -> source != null && source.contains(THINK.close()) ? THINK : null;
                };
        return new ReplyStyle(calls, thought, marks(calls, thought));
    }

    private CallSyntax calls(@Nullable ChatTemplate template, Map<String, Object> specialTokens) {
        return CallSyntaxes.named(settings.toolFormat())
                .or(() ->
                        template == null
                                ? java.util.Optional.empty()
                                : new ReplyProbe(template, specialTokens, clock).syntax())
                .orElse(CallSyntaxes.HERMES);
    }

    private Set<Integer> marks(CallSyntax calls, @Nullable Thought thought) {
        Set<Integer> ids = new HashSet<>();
        for (Phrase phrase : calls.phrases()) {
            Matcher mark = MARK.matcher(phrase.text());
            while (mark.find()) {
                tokenizer.added(mark.group()).ifPresent(ids::add);
            }
        }
        if (thought != null) {
            tokenizer.added(thought.open()).ifPresent(ids::add);
            tokenizer.added(thought.close()).ifPresent(ids::add);
        }
        return ids;
    }
}
