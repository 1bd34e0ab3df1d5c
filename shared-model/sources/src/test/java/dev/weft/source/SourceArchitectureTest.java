package dev.weft.source;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The module is plain Java: no framework, no reactive types, nothing of the services. */
@AnalyzeClasses(packages = "dev.weft.source", importOptions = DoNotIncludeTests.class)
class SourceArchitectureTest {
    @ArchTest
    static final ArchRule DEPENDS_ON_LITTLE =
            classes()
                    .that()
                    // the declaration of settings, which Spring binds
                    .haveNameNotMatching("dev\\.weft\\.source\\.SourceSettings(\\$.*)?")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.weft.source..",
                            "dev.weft.protocol.repository..",
                            "dev.weft.settings",
                            "dev.weft.settings.secret..",
                            "java..",
                            "org.apache.commons.compress..",
                            "org.apache.hc..",
                            "org.apache.opendal..",
                            "org.jspecify..",
                            "org.slf4j..",
                            "tools.jackson..");
}
