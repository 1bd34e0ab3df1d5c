package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Arguments of calls, filters and tests. */
final class ArgumentParser {
    private final TemplateTokens tokens;
    private final ExpressionParser expressions;

    ArgumentParser(TemplateTokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expr.Arguments arguments() {
        TemplatePosition position = tokens.expectOperator("(").position();
        List<Expr> positional = new ArrayList<>();
        List<Expr.Keyword> keywords = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        Expr list = null;
        Expr dict = null;
        while (!tokens.current().isOperator(")")) {
            boolean fits;
            if (tokens.skipOperator("*")) {
                fits = list == null && dict == null;
                list = expressions.expression();
            } else if (tokens.skipOperator("**")) {
                fits = dict == null;
                dict = expressions.expression();
            } else if (tokens.current().is(TemplateToken.Type.NAME)
                    && tokens.ahead().isOperator("=")) {
                Expr.Keyword keyword = keyword();
                fits = dict == null && names.add(keyword.name());
                keywords.add(keyword);
            } else {
                fits = list == null && dict == null && keywords.isEmpty();
                positional.add(expressions.expression());
            }
            if (!fits) {
                throw position.fault("invalid syntax for function call expression");
            }
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(")");
        return new Expr.Arguments(positional, keywords, list, dict);
    }

    private Expr.Keyword keyword() {
        String name = tokens.next().text();
        tokens.expectOperator("=");
        return new Expr.Keyword(name, expressions.expression());
    }
}
