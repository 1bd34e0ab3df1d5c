package dev.weft.inference.server.prompt;

import dev.weft.chat.ChatTemplate;
import dev.weft.chat.TokenizerConfig;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.template.ResponseTemplate;
import dev.weft.grammar.reply.template.UnreadTemplateException;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.text.Tokenizer;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds how models write their replies, unless the settings say it: by the response template that
 * their folder brings, else by their chat template.
 */
final class ReplyStyles {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyStyles.class);

    private static final Thought THINK = new Thought("<think>", "</think>", false);
    private static final ResponseTemplate NOTHING = new ResponseTemplate(null, null);

    private final ReplySettings settings;
    private final Tokenizer tokenizer;
    private final Clock clock;

    ReplyStyles(ReplySettings settings, Tokenizer tokenizer, Clock clock) {
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.clock = clock;
    }

    /**
     * The style of a model.
     *
     * @param model for the log
     * @param template that renders chats with tools; null if it has none
     */
    ReplyStyle of(String model, TokenizerConfig config, @Nullable ChatTemplate template) {
        ResponseTemplate said = said(model, config);
        Optional<CallSyntax> set = CallSyntaxes.named(settings.toolFormat());
        ReplyProbe probe =
                template == null
                        ? null
                        : new ReplyProbe(template, config.templateVariables(), clock);
        CallSyntax calls = set.orElseGet(() -> calls(model, said, probe));
        Thought thought =
                switch (settings.reasoning()) {
                    case THINK -> said.thought() == null ? THINK : said.thought();
                    case NONE -> null;
                    case AUTO -> said.thought() == null ? thought(config) : said.thought();
                };
        CallForm form = probe == null ? CallForm.USUAL : probe.form(calls);
        boolean several = probe == null || probe.takesSeveral(form);
        return new ReplyStyle(calls, several, thought, marks(calls, thought), form);
    }

    private static ResponseTemplate said(String model, TokenizerConfig config) {
        String template = config.responseTemplate();
        if (template == null) {
            return NOTHING;
        }
        try {
            return ResponseTemplate.of(JsonMapper.shared().readTree(template));
        } catch (UnreadTemplateException e) {
            LOG.warn(
                    "{}: its response_template is not used, its chat template is: {}",
                    model,
                    e.getMessage());
            return NOTHING;
        }
    }

    private static CallSyntax calls(
            String model, ResponseTemplate said, @Nullable ReplyProbe probe) {
        CallSyntax own = said.calls();
        if (probe == null) {
            return own == null ? CallSyntaxes.HERMES : own;
        }
        if (own == null) {
            return shown(model, probe);
        }
        if (!probe.contradicts(own)) {
            return own;
        }
        CallSyntax written = probe.syntax().orElse(CallSyntaxes.HERMES);
        LOG.warn(
                "{}: its response_template reads calls that its chat template writes otherwise;"
                        + " taken is {}",
                model,
                written.name());
        return written;
    }

    /** By a call that the template writes, else by what it tells the model of calls. */
    private static CallSyntax shown(String model, ReplyProbe probe) {
        Optional<CallSyntax> written = probe.syntax();
        if (written.isPresent()) {
            return written.get();
        }
        Optional<CallSyntax> named = probe.named();
        if (named.isPresent()) {
            LOG.info(
                    "{}: its chat template writes no calls, but tells the model the marks of {}",
                    model,
                    named.get().name());
            return named.get();
        }
        LOG.warn(
                "{}: its chat template shows no format of calls that is known; taken is {};"
                        + " weft.inference.reply.tool-format sets another",
                model,
                CallSyntaxes.HERMES.name());
        return CallSyntaxes.HERMES;
    }

    private static @Nullable Thought thought(TokenizerConfig config) {
        return config.chatTemplate(true).filter(text -> text.contains(THINK.close())).isPresent()
                ? THINK
                : null;
    }

    private Set<Integer> marks(CallSyntax calls, @Nullable Thought thought) {
        Set<Integer> ids = new HashSet<>();
        for (String mark : CallMarks.of(calls)) {
            tokenizer.added(mark).ifPresent(ids::add);
        }
        if (thought != null) {
            tokenizer.added(thought.open()).ifPresent(ids::add);
            tokenizer.added(thought.close()).ifPresent(ids::add);
        }
        return ids;
    }
}
