package dev.weft.inference.cpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

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

    @ArchTest
    static final ArchRule theCoreKnowsNoFramework =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "reactor..", "io.micrometer..");

    @ArchTest
    static final ArchRule thePortKnowsNoEngine =
            noClasses()
                    .that()
                    .resideInAPackage("..inference.engine..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..inference.cpu..");

    @ArchTest
    static final ArchRule noPackageDependsOnItself =
            slices().matching("dev.weft.inference.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noWallClock =
            noClasses()
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(java.time.Instant.class, "now");
}
