package dev.weft.inference.cpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.weft.inference",
        importOptions = ImportOption.DoNotIncludeTests.class)
class CpuArchitectureTest {
    @ArchTest
    static final ArchRule nativeCallsStayInTheKernelPackage =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..cpu.kernel..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.bytedeco..", "jdk.incubator.vector..");
}
