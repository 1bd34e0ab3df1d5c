package dev.weft.inference.tensorrtllm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.weft.inference.tensorrtllm",
        importOptions = ImportOption.DoNotIncludeTests.class)
class TensorRtLlmArchitectureTest {
    @ArchTest
    static final ArchRule nativeCallsStayInTheBindings =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "..tensorrtllm.triton..",
                            "..tensorrtllm.gpu..",
                            "..tensorrtllm.signal..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.bytedeco..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule theBindingKnowsNoLanguageModels =
            noClasses()
                    .that()
                    .resideInAPackage("..tensorrtllm.triton..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.weft.inference.engine..",
                            "dev.weft.protocol..",
                            "dev.weft.format..");
}
