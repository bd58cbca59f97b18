"""The everyday words by which a short Latin text is known: English, romanised Khmer, neighbours.

Written by hand: the commonest words of each language, and what surveys talk about. Romanised Khmer
has no spelling: each word stands with the ways people hear it, the rest is known by its shape. No
word was taken from the answers that the tests are made of; one in two lists speaks for either.
"""

import regex

COMMON_ENGLISH = """
a about accept access action adult after again against ago agree all almost already also although
always am an and anger animal another answer ant any anybody anyone anything are arm army around
arrive as ask asked at attack aunt authority autumn away baby back bad bag bank battery be
beautiful became because become bed beef been before began being believe best better between
bicycle big bike bill bird blood board boat body book born borrow both bottle box boy bread break
bridge bring broken brother brown btw budget building burn bus business busy but buy by cable cake
call came can canal cannot cant car card care cash cat cause center central certain chair chance
change changed charge cheap chicken chief child children chili choose citizen city civil clean
clear climate clinic close clothes cloud coal coast coffee cold collect color come comes commune
community complain complaint complete computer concern conflict continue control cook corner
correct cost could couldnt council country court cover cow create crime criminal crop crops
culture cut danger dangerous dark daughter day days dead deaf dear death debt decide decision deep
defend deliver demand depend describe destroy develop development dialogue did didnt die different
difficult dinner direct dirty disability disagree disaster discuss disease district do doctor does
doesnt dog doing done dont door down drainage draw dream dress drink drive driver drop drought
drug dry duck dump during dust each early easy eat economy education effect effort egg elderly
elected election electric email empty encourage end energy enough enter environment equal
especially ethnic even evening event ever every everybody everyone everything exam example
excellent exercise expect expensive experience explain eye face fact factory fail fair fall family
far farm farmer farmers farming fast father fear feed feel fees female fence few field fight fill
final find finger finish fire firm first fish fishing fix flood floods flower fly follow food foot
for force forest forget form forward free freedom fresh friend friendly from front fruit fuel full
future game garbage garden gas gather gave general get gets getting gift girl girls give given go
goal goes going gold good goods got government governor grass great green ground group grow guide
gun had hair half hall hand happen happy hard harvest has hate have havent having he head health
hear heard heart heat heavy height hello help helped her here hers hey hi high hill him his
history hit hmm hold hole holiday home honest hope horse hospital hot hotel hour house houses how
however huge human hunger hungry hurt husband i idea if ill illegal illness im image important
improve in income increase indigenous industry influence inform information injury insect inside
instead interest internet into invest invite irrigation is isnt issue it its ive jail job jobs
join judge juice jungle just keep key kid kill kind kitchen knew knife know known lack ladder lady
lake lamp land language laptop large last late later laugh law lawyer lazy lead leader leaders
leaf learn least left legal lend less lesson let letter level library lie life lift light lights
like line list listen literacy little live lived lives load loan local lock lol lonely long look
lose loss lot lots loud love low luck lucky lunch machine made main make makes making male man
manage manager many map mark market marry match material matter may maybe me meal mean meat
medicine meet meeting meetings member men mental message midwife might milk mind mine minister
minute miss missing mistake money monk month more morning mosque most mostly mother motorbike
mountain mouth move much music must my myself name nation national nature near nearby neck need
needed needs needy neighbor neighbour neither net neutral never new news newspaper next nice night
no nobody noise none nor nose not note nothing now number nurse obey object ocean of off offer
office official officials often oh oil ok okay old on once one ones only open operate opinion or
order organise organize other others our out outside over own owner paid pain paint paper parent
park part participate party pass past patient pay peace pen people pepper percent perhaps permit
person pesticide phone picture pig place plan planning plant plastic play pleasant please pls plz
point poison police policy polite pollute pollution pond poor poverty power practice pray prepare
present president prevent price prices prison private probably problem problems process produce
product profit program progress project promise promised protect protest proud provide province
public pump punish pupil push put quality question questions quick quickly quiet quit quite race
radio rain rape rat rather reach read ready real really reason receive record red reduce refuse
region register religion remember remove rent repair replace reply report request rescue respect
response rest result return rice rich ride right rights ripe rise risk river road roads roof room
rope rotten round rubbish rule run rural sad safe safety said salary same sand satisfied save saw
say says scared school schools season seat second secret security see seed seen sell send serious
serve service services sew sex shade shake shame share she shelter shirt shock shoe shoot shop
short should shout show shower sick side sign signal silence simple since sing single sister sit
size skill skin skip sky sleep slow small smart smell smile smoke snake so social soft soil
soldier solution solve some somebody someone something sometimes son song soon sorry sound soup
south speak special speech speed spend sport stable staff stage stair stand star start state
station stay steal stick stone stop storage store storm story strange stream street strike strong
strongly student students study subject success suffer sugar suggest summer sun supply support
sure survey suspect sweet swim system table take taken talent talk tall taste tax teach teacher
teachers team technology tell temple term test than thank thanks that thats the their them then
there these they thief thin thing things think this those thought threat three through throw thx
ticket time times tired title to tobacco today together toilet toilets told tomorrow too took tool
tooth top total tour tourist town trade traffic train training transfer transparency transport
travel treat tree trees trip trouble truck true trust truth try turn two type ugly uncle under
understand uniform union university unsafe until up upset urban urgent us use used useful usually
vaccine value vegetable vehicle very victim view village villagers villages violence visit voice
vote wage wait wake walk wall want wanted wants war warm warn was wash wasnt waste watch water way
we weak wear weather week well wells went were wet what wheel when where which while white who
whole whom whose why wide wife wild will win wind window winter wire wise wish with within without
woman women wont wood word work worked worker workers working works world worry worse worst would
wouldnt wound write wrong yard yeah year years yellow yep yes yesterday yet you young your yours
youth zone
"""

# Most also mean something else elsewhere; a text needs more of these than of others.
COMMON_ROMANISED = """
aeng ah aha ahar akrak akrok akun ankor aoi aoy apey aphei aphey arkon arkoun arkrok arkun
arogn at aukun aun avei avey awkun baan baat bae baek baer ban bang bangrien banha banhaha bantich
barang barn bat bay bei bek ber bey bokhlik bong bongpaoun bongrean bongrien bonhaha bontech boun
brab brochum bros buon cha chah chamkar chang chaovay chas chaul chea cheat cheet cheng chheu chhi
chhloey chhnam chhngai chhngay chhy chia chit chlaoy chlery chnam chngai chngay chol chole chomkar
chomnuoy chomreap chong chouay chouy chraen chran chreun chroeun chumnouy chumnuoy chumreap chuoy
chuy daem dang dauch dei dek deng deum dey dg dob doch doeng doj dop douch dung eivey eng ery ey
ghum haey haoy hean hery hetavey hetey heuy hian hoch hoey houy huoch hz ja jah jang jas jea jit
jol jong joul joy jran jren jrern jumreap juoy juy ka kafe kampuchea kange kangea kar kat kay kdei
kdov ke ket keut khae khaet khauch khe khern khet khlach khlei khmae khmom khnea khnhom
khnom khnong khnum khnyom khnyum khoch khoeun khos khoum khum khva khvah khvas kit klach kley
kmean kmer kmian knea kneah knear knhom knom knong knung ko koat koch kom kon kone kooch kor kot
kouch koun kraom kroay krokvok krom krong krou krovok kroy kru kruosa kruosar krusa kum kut laaw
laeng laor lea leahay ler lerk leu lngeach loeu lok lokkru lor louk louy loy luy mak mdai mday
mean meghum mekhum mel men meng mephum merl mern meul mhob mhup mian mien min ming moak mok monti
montipet mork mouy muk mun muoy muy na naa nah nak nas nass neak neakru neang nei nek neng neou
nes ney ng ngeai ngeay nhom nhum ni nih ning nis niw niyay niyeai niyeay nou nov nuh nung nuos nus
nuv nyeay nyom oay opuk orkoun orkun ors ort os oss ot ott oun ouy ovpuk oy pa panyaha pel pele
pelna penh pet peth petya petyea phdach phlauv phleang phleng phleung phlieng phlov phong phorng
phoum phsar phsem phum pi pibaak pibak pii pir pleang plerng pleung pleurng plieng plov plow poan
polrot pong ponman ponmarn poum prab pracheachun pracheapolrot pram prampi prap preah prei preuk
prey prochum proh prom pros prouh prous pruk pruos prus psa psar pu puk rean reanr rien roat roha
rohas rohot rohout rort rothaphibal roy saart saat sabaay sabay sabbay sala salarean salarien
samlor samram sangkat sangkum saphea sart satrey sdab sdabb sdap ses sisrey sit sithi sm sok sokh
sokhapheap sokhaphheap soksabay sokseb som somram songkum soum sour soursdey sousdey spean spien
srae sraech sralanh sre srech srei srey sro srob srok srolan srolanh srolk sromram srop srorlanh
sroub srouv srov suasdey sum suo suor suosdey susdey ta tae tah taing tang taok te tea teang teat
tech tee teh tek teu teuk thaok thlai thlay thmei thmey thnal thnam thngai thngay thnol thok thom
thver thveu thvoe tiat tich tiet tik tlai tlay tmey tnam tngai tngay toch toek toh tom tos tou
touch tov tow trev trocheak trouv trov trow tuk tv tve tver tveu twer tweu vaeng vea veng via vinh
voat wat yang yeay yerng yeung yeurt yeut yey yoeng yol yoll yop youl yub yul yung yuvachun
yuvajun
"""

# French, Spanish, German, Indonesian, Filipino, and Vietnamese without its marks.
COMMON_ELSEWHERE = """
ada agua air ako aku ang anh apa auf aussi avec baik ban banyak beaucoup belum bien bisa bonjour
bueno bukan butuh cam cest chez chung co comme como con cua dan danke dans dari das de dengan der
des di dia die donde du duoc duong eau ein eine el elle elles ellos em en er es est et gracias gut
haben hindi hola ich ici ihr ikaw il ils immer ini ist itu ja jai jalan jamais je kami kamu kasih
kayo ke kein keine khong kita kurang la las le lebih les los ma maganda mais mal mau merci mereka
mes mga mi mit moins mon mot mucho muy nada nay ne nein ng nguoi nhung nicht non nosotros notre
nous nuoc oo opo ou oui para pas pero plus po por pour que qui quoi rat rien sa salamat sangat
sans saya sehr selamat si sie sila sind siya son sont su sudah suis sur sus terima tidak todo toi
toujours tous tout trop tu tubig un una und une uno unos untuk va viel voi von vous wala wasser
weg wir ya yang yo zu
"""

# Places and peoples, written alike in English and in romanised Khmer.
NAMES = """
angkor bunong jarai khmer kreung kui lao tampuan thai
banlung battambang cambodia cham kampong kampot kandal kratie mekong penh phnom pursat ratanakiri
reap sap siem sihanoukville takeo tonle
"""

# In a Khmer sentence these are Khmer by now.
LOANS = """
aba acleda app bot bye cellcard covid cso email excel facebook fb file google grab hello hi
internet iphone line link messenger metfone ngo no ok okay oki online pdf phone photo samsung
smart sms sorry telegram thanks tiktok usd video whatsapp wifi wing yes youtube zoom
"""

ENGLISH = frozenset((COMMON_ENGLISH + NAMES).split())
ROMANISED = frozenset((COMMON_ROMANISED + NAMES).split())
NEIGHBOURS = frozenset(COMMON_ELSEWHERE.split())
BORROWED = frozenset(LOANS.split())

# How romanised Khmer looks: pairs of consonants and vowels that English doesn't have.
KHMER_SHAPE = regex.compile(
    r"^(?:kh(?!aki)|kng|kn(?=[gh])|khn|chh|chng|phn|phk|phl|phs|tn|tm|tb|thn|thm|thk|tv|tng|sv|sd"
    r"|sng|srae|sro[kvp]|ng|nh|mn|ml|md|mj|lh|lb|pd|pk|pn|pt|kd|kb|kt|km|kv|ks|bd|cn|dt|jr|jh|vr|yv)"
    r"|(?:oeu|oeng|oeun|eun|euy|erng|eang|eav|oam|oun|uoy|uoch|uor|uos|aov|orng|aeng|ieng|ieb|iev|ov)$"
)
