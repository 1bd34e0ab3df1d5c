package dev.weft.grammar.reply.template;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntax.Arguments;
import dev.weft.grammar.reply.format.CallSyntax.Call;
import dev.weft.grammar.reply.format.CallSyntax.Placement;
import dev.weft.grammar.reply.format.CallSyntax.Section;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.parser.CallSearch;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes a format of what a response template says of calls. */
final class TemplateCalls {
    private static final String NAME = "response_template";
    private static final String TOOL = "weft_probe";
    private static final String ARGUMENTS = "{\"city\":\"Oslo\"}";
    private static final JsonNode MEANT = JsonMapper.shared().readTree(ARGUMENTS);
    private static final Phrase NOTHING = new Phrase("");
    private static final Section ALONE = new Section(NOTHING, NOTHING, NOTHING);
    private static final String TRANSFORM = "transform";

    /** A tag with an argument's name and its value: open, between and close are fixed. */
    private static final Pattern TAG =
            Pattern.compile(
                    "(?<open>.+?)\\(\\?P<key>[^()]+\\)(?<between>.+?)\\(\\?P<value>\\.\\*\\??\\)(?<close>.+)");

    private static final int LONGEST_PATTERN = 1024;

    private final TemplateField field;

    TemplateCalls(TemplateField field) {
        this.field = field;
    }

    /** The known format that reads such a call, else one of its own. */
    CallSyntax syntax() throws UnreadTemplateException {
        return switch (field.text("content")) {
            case "json" -> json();
            case "xml-inline" -> tags();
            default -> throw field.unread("content", "calls that are neither JSON nor tags");
        };
    }

    private CallSyntax json() throws UnreadTemplateException {
        if (field.node().path("content_args").path("unquoted_keys").asBoolean(false)
                || field.node().path("content_args").has("string_delims")) {
            throw field.unread("content_args", "arguments that are not JSON");
        }
        JsonNode function = field.node().path(TRANSFORM).path("function");
        boolean list = field.node().path("transform_each").asBoolean(false);
        if (function.isString() && function.stringValue().equals("{content}") && !list) {
            return objects("name", "arguments", false);
        }
        String name = placeholder(function.path("name"));
        String arguments = placeholder(function.path("arguments"));
        if (field.has("open_pattern") && name.equals("name") && arguments.equals("content")) {
            return named();
        }
        if (list) {
            return objects(name, arguments, true);
        }
        if (name.startsWith("content.") && arguments.startsWith("content.")) {
            return objects(path(name), path(arguments), false);
        }
        throw field.unread(TRANSFORM, "no name and arguments of a call");
    }

    private static String path(String placeholder) {
        return placeholder.substring(placeholder.indexOf('.') + 1);
    }

    private String placeholder(JsonNode node) throws UnreadTemplateException {
        String text = node.asString("");
        if (text.length() < 3 || text.charAt(0) != '{' || !text.endsWith("}")) {
            throw field.unread(TRANSFORM, "no name and arguments of a call");
        }
        return text.substring(1, text.length() - 1);
    }

    /** Calls that are objects, each between marks, or a list of them. */
    private CallSyntax objects(String name, String arguments, boolean list)
            throws UnreadTemplateException {
        for (String key : new String[] {name, arguments}) {
            if (!CallSyntax.isName(key)) {
                throw field.unread(TRANSFORM, "'" + key + "' is not a key of a call");
            }
        }
        String open = field.mark("open");
        String close = field.has("close") ? " " + field.mark("close") : "";
        String object = "{ \"" + name + "\" : \"";
        Phrase between = new Phrase("\" , \"" + arguments + "\" :");
        Arguments json = new Arguments.Json();
        if (list) {
            Section section =
                    new Section(
                            new Phrase(open + " ["), new Phrase(" ,"), new Phrase(" ]" + close));
            return known(
                    section,
                    new Call(new Phrase(object), between, json, new Phrase(" }")),
                    open + "[{\"" + name + "\":\"" + TOOL + "\",\"" + arguments + "\":" + ARGUMENTS
                            + "}]" + close);
        }
        return known(
                ALONE,
                new Call(new Phrase(open + " " + object), between, json, new Phrase(" }" + close)),
                open + "{\"" + name + "\":\"" + TOOL + "\",\"" + arguments + "\":" + ARGUMENTS + "}"
                        + close);
    }

    /** Calls whose opening contains their name. */
    private CallSyntax named() throws UnreadTemplateException {
        NameGroupPattern pattern = pattern();
        String close = field.has("close") ? field.mark("close") : "";
        Call call =
                new Call(
                        new Phrase(pattern.before()),
                        new Phrase(pattern.behind()),
                        new Arguments.Json(),
                        new Phrase(close.isEmpty() ? "" : " " + close));
        return known(ALONE, call, pattern.before() + TOOL + pattern.behind() + ARGUMENTS + close);
    }

    /**
     * Calls whose arguments stand between tags: only known formats, since the values are not JSON.
     */
    private CallSyntax tags() throws UnreadTemplateException {
        NameGroupPattern opening = pattern();
        String pattern = field.node().path("content_args").path("tag_pattern").asString("");
        Matcher tag = TAG.matcher(pattern);
        if (pattern.length() > LONGEST_PATTERN || !tag.matches()) {
            throw field.unread("content_args", "no tags with a key and a value");
        }
        String sample =
                opening.before()
                        + TOOL
                        + opening.behind()
                        + "\n"
                        + literal(tag.group("open"))
                        + "city"
                        + literal(tag.group("between"))
                        + "\nOslo\n"
                        + literal(tag.group("close"));
        for (String end : new String[] {"", "\n</function>\n"}) {
            Optional<CallSyntax> known = reader(sample + end + field.mark("close"));
            if (known.isPresent()) {
                return known.get();
            }
        }
        throw field.unread("content_args", "tags of no known format");
    }

    private String literal(String pattern) throws UnreadTemplateException {
        return NameGroupPattern.phrase(pattern)
                .map(text -> text.replace(" ", ""))
                .orElseThrow(
                        () -> field.unread("content_args", "'" + pattern + "' is not fixed text"));
    }

    private NameGroupPattern pattern() throws UnreadTemplateException {
        return NameGroupPattern.of(field.text("open_pattern"))
                .orElseThrow(() -> field.unread("open_pattern", "no name between fixed texts"));
    }

    private CallSyntax known(Section section, Call call, String sample)
            throws UnreadTemplateException {
        Optional<CallSyntax> known = reader(sample);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            return new CallSyntax(NAME, Placement.ANYWHERE, section, call);
        } catch (IllegalArgumentException e) {
            throw field.unread("open", String.valueOf(e.getMessage()));
        }
    }

    /** The known format that a call is written in. */
    private static Optional<CallSyntax> reader(String sample) {
        return CallSyntaxes.ALL.stream()
                .filter(one -> one.place() == Placement.ANYWHERE)
                .filter(one -> sample.startsWith(one.openings().getFirst().head().text()))
                .filter(one -> CallSearch.isIn(one, sample, TOOL, MEANT))
                .findFirst();
    }
}
