package dev.weft.chat.jinja;

import dev.weft.chat.jinja.analysis.ContentUse;
import dev.weft.chat.jinja.analysis.DefinedNames;
import dev.weft.chat.jinja.analysis.NameCheck;
import dev.weft.chat.jinja.analysis.ScopeAnalysis;
import dev.weft.chat.jinja.analysis.ScopeInfo;
import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.global.Globals;
import dev.weft.chat.jinja.parser.Parser;
import dev.weft.chat.jinja.rendering.Rendering;
import dev.weft.chat.jinja.rendering.SelfReference;
import dev.weft.chat.jinja.syntax.JinjaSyntaxException;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import dev.weft.chat.jinja.value.Value;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A compiled template. Immutable; any thread may render it. */
public final class JinjaTemplate {
    private final List<Stmt> statements;
    private final List<ScopeInfo> scopes;
    private final boolean readsContentParts;

    private JinjaTemplate(
            List<Stmt> statements, List<ScopeInfo> scopes, boolean readsContentParts) {
        this.statements = List.copyOf(statements);
        this.scopes = scopes;
        this.readsContentParts = readsContentParts;
    }

    /**
     * Reads a template within a budget.
     *
     * @throws JinjaSyntaxException if it can't be read or uses an unsupported construct
     */
    public static JinjaTemplate compile(String source, Budget budget) {
        try {
            return budget.within(() -> compile(source));
        } catch (PyError e) {
            throw new TemplatePosition(1, 1).fault("reading it: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new TemplatePosition(1, 1).fault("nested too deeply");
        }
    }

    private static JinjaTemplate compile(String source) {
        Parser.Parsed parsed = Parser.parse(source);
        NameCheck.check(parsed.statements(), DefinedNames.of(parsed.statements()));
        return new JinjaTemplate(
                parsed.statements(),
                ScopeAnalysis.of(parsed.statements(), parsed.scopes()),
                ContentUse.readsParts(parsed.statements()));
    }

    /**
     * Renders within a budget.
     *
     * @param variables JSON values by name
     * @throws JinjaRuntimeException if the template raises, or asks for too much
     */
    public String render(Map<String, ?> variables, Clock clock, Budget budget) {
        return budget.within(() -> render(variables, clock));
    }

    private String render(Map<String, ?> variables, Clock clock) {
        Map<String, Value> context = new HashMap<>(Globals.all(clock));
        context.put("self", new SelfReference());
        Rendering rendering = new Rendering(scopes, context);
        try {
            variables.forEach((name, value) -> context.put(name, ParsedJson.of(value)));
            return rendering.render(statements);
        } catch (PyError e) {
            throw new JinjaRuntimeException(e, rendering.line());
        } catch (StackOverflowError e) {
            throw new JinjaRuntimeException(
                    PyError.limit("nested deeper than this thread's stack"), rendering.line());
        } catch (ArithmeticException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new JinjaRuntimeException(PyError.runtime(e.toString()), rendering.line());
        }
    }

    /** True if the template goes through the parts of a message's content. */
    public boolean readsContentParts() {
        return readsContentParts;
    }
}
