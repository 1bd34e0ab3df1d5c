package dev.weft.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which identifiers of a schema's parts references lead to. */
final class SchemaIdentifiersTest {
    private static final String NEWEST = "'$schema':'https://json-schema.org/draft/2020-12/schema'";
    private static final String DRAFT_7 = "'$schema':'http://json-schema.org/draft-07/schema#'";
    private static final String DRAFT_4 = "'$schema':'http://json-schema.org/draft-04/schema#'";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                NEWEST + " | {'p':1} | {'p':'x'}",
                DRAFT_7 + " | {'p':1} | {'p':'x'}",
                "'title':'no draft' | {'p':1} | {'p':'x'}",
                DRAFT_4 + " | {'p':'x'} | {'p':1}",
            })
    void readsIdOfOldDraftsOnly(String draft, String valid, String invalid) throws Exception {
        holds(
                "{"
                        + draft
                        + ",'$defs':{'a':{'type':'integer'}},'properties':{'p':{'id':'http://x/p',"
                        + "'$defs':{'a':{'type':'string'}},'allOf':[{'$ref':'#/$defs/a'}]}}}",
                valid,
                invalid);
    }

    @Test
    void servesReferencesBelowAnIdThatIsNoIdentifier() throws Exception {
        holds(
                "{"
                        + NEWEST
                        + ",'$defs':{'a':{'type':'integer'}},"
                        + "'properties':{'p':{'id':'p','allOf':[{'$ref':'#/$defs/a'}]}}}",
                "{'p':1}",
                "{'p':'x'}");
    }

    @Test
    void readsIdIfNoDraftIsNamedAndTheReferenceElseLeadsNowhere() throws Exception {
        holds(
                "{'id':'http://x/root','definitions':{'a':{'id':'#a','type':'null'},"
                        + "'b':{'id':'b','type':'string'}},"
                        + "'items':{'anyOf':[{'$ref':'#a'},{'$ref':'http://x/b'}]}}",
                "[null,'s']",
                "[1]");
        assertThatThrownBy(() ->
                        Walks.schema(
                                json(
                                        "{"
                                                + NEWEST
                                                + ",'$defs':{'a':{'id':'b','type':'null'}},"
                                                + "'$ref':'b'}")))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("leads nowhere");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'x-note':{'$id':'http://x/real','type':'null'}",
                "'x-notes':[{'$id':'http://x/real','type':'null'}]",
                "'not':{'x-notes':{'properties':{'a':{'$id':'http://x/real','type':'null'}}},'const':0}",
                "'enum':['s',null,{'$id':'http://x/real','type':'null'}]",
                "'not':{'const':{'$id':'http://x/real','type':'null'}}",
            })
    void prefersTheIdentifiersOfSchemas(String before) throws Exception {
        holds(
                "{"
                        + before
                        + ",'$defs':{'a':{'$id':'http://x/real','type':'string'}},"
                        + "'$ref':'http://x/real'}",
                "'s'",
                "null");
    }

    @Test
    void prefersTheAnchorsOfSchemas() throws Exception {
        holds(
                "{'x-note':{'$anchor':'a','type':'null'},"
                        + "'$defs':{'a':{'$anchor':'a','type':'string'}},'$ref':'#a'}",
                "'s'",
                "null");
    }

    @Test
    void takesThoseBelowOtherKeywordsIfNoSchemaHasOne() throws Exception {
        holds(
                "{'components':{'schemas':{'a':{'$id':'http://x/a','type':'string'},"
                        + "'b':{'$anchor':'b','type':'null'}}},"
                        + "'items':{'anyOf':[{'$ref':'http://x/a'},{'$ref':'#b'}]}}",
                "['s',null]",
                "[1]");
    }

    @Test
    void passesOverIdentifiersBesideReferencesInOldDrafts() throws Exception {
        holds(
                "{"
                        + DRAFT_7
                        + ",'$id':'http://x/base/','definitions':{"
                        + "'a':{'$id':'http://x/foo.json','type':'string'},"
                        + "'b':{'$id':'foo.json','type':'number'}},"
                        + "'allOf':[{'$id':'http://x/','$ref':'foo.json'}]}",
                "1",
                "'s'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'$id':'http://x.com','$ref':'a.json','$defs':{'a':{'$id':'http://x.com/a.json','type':'string'}}",
                "'$id':'http://x.com','$ref':'http://x.com/a.json','$defs':{'a':{'$id':'a.json','type':'string'}}",
                "'$id':'http://x.com/b','$ref':'a.json#/$defs/x"
                        + " y<','$defs':{'a':{'$id':'a.json','$defs':{'x y<':{'type':'string'}}}}",
                "'$id':'http://x.com/b/c','$ref':'?q','$defs':{'a':{'$id':'http://x.com/b/c?q','type':'string'}}",
                "'$id':'http://x.com/b?p','$ref':'?q','$defs':{'a':{'$id':'http://x.com/b?q','type':'string'}}",
            })
    void resolvesReferencesByTheirBase(String keywords) throws Exception {
        holds("{" + keywords + "}", "'s'", "null");
    }

    @Test
    void anEmptyReferenceLeadsToTheWholeDocument() throws Exception {
        holds(
                "{'$id':'http://x.com/b/c','type':'object','additionalProperties':{'$ref':''}}",
                "{'a':{}}",
                "{'a':1}");
    }

    private static void holds(String schema, String valid, String invalid) throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        assertThat(Walks.accepts(grammar, json(valid))).as(valid).isTrue();
        assertThat(Walks.accepts(grammar, json(invalid))).as(invalid).isFalse();
    }

    private static String json(String text) {
        return text.strip().replace('\'', '"');
    }
}
